using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Web;

/// <summary>What a user is told of an exception that no slice has caught. The log has the cause.</summary>
internal sealed record ExceptionProblems(int Status, string Type, string Detail, IReadOnlyDictionary<string, string[]>? Fields = null)
{
    public static ExceptionProblems Of(Exception error, HttpContext http) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => InputProblems.Explain(bad, http),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        InvalidTextException text => InputProblems.InvalidText(text.Field),
        JsonException json => InputProblems.Unreadable(json),
        VersionConflictException => new(409, "version-conflict", "Somebody changed this in the meantime. Load it again and repeat."),
        DocumentExistsException => new(409, "exists", "This exists already."),
        CommitUnavailableException => Unavailable,
        CommitOutcomeUnknownException => new(503, "outcome-unknown", "It may have been saved; send again with the same clientId."),
        _ when IsDatabaseAway(error) => Unavailable,
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    };

    private static ExceptionProblems Unavailable { get; } = new(503, "unavailable", "Nothing was saved: the service is not available right now. Try again in a moment.");

    /// <summary>The connection failed or the server is starting, stopping or full; an error in a statement is our own fault.</summary>
    internal static bool IsDatabaseAway(Exception error) => error switch
    {
        PostgresException { SqlState: { } state } => state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        NpgsqlException { IsTransient: true } => true,
        _ => false,
    };

    private static ExceptionProblems OfStatus(int status)
    {
        var (type, detail) = StatusProblems.Words(status);
        return new(status, type, detail);
    }
}
