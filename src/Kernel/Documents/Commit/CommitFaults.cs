using System.Net.Sockets;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>What an error of a commit means: whose fault it is, and whether the outcome is known.</summary>
internal static class CommitFaults
{
    /// <summary>What the schema's <c>refuse</c> function said, as the exception its session gets.</summary>
    public static Exception Refusal(PostgresException refusal)
    {
        var words = refusal.MessageText.Split(' ');
        return words[0] switch
        {
            "exists" => new DocumentExistsException($"A {words[1]} with this id or unique value exists."),
            "handled" => new AlreadyHandledException(),
            _ => new VersionConflictException($"A {words[1]} was changed or removed meanwhile."),
        };
    }

    /// <summary>What a session gets to hear of an error that is its own.</summary>
    public static Exception OfSession(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken
        ? new DocumentExistsException($"A {taken.TableName} with this id or unique value exists ({taken.ConstraintName}).")
        : error;

    public static bool IsConnectionTrouble(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or ObjectDisposedException or SocketException;

    public static bool IsFaultOfASession(PostgresException e) =>
        e.SqlState.Length == 5 && e.SqlState[..2] is "21" or "22" or "23" or "42" or "44" or "54" or "P0";
}

/// <summary>The inbox has this event of this handler already: its effect is there.</summary>
internal sealed class AlreadyHandledException() : Exception("This event was handled before.");
