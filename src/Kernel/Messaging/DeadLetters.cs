using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>An event that a handler gave up on. <paramref name="Marked"/>: it is to be handled anew and has not been yet.</summary>
public sealed record DeadLetter(string Module, string Handler, string Type, Guid EventId, string? Stream, long Seq, int Attempts, DateTimeOffset At, bool Marked, string Error);

/// <summary>What an operator does with dead letters. A host that serves picks up what is marked within seconds; this one need not serve.</summary>
public sealed class DeadLetters
{
    private readonly StoreSet stores;

    internal DeadLetters(StoreSet stores) => this.stores = stores;

    /// <summary>Those of all modules, or of one, oldest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string? module, CancellationToken ct)
    {
        var letters = new List<DeadLetter>();
        foreach (var store in StoresOf(module))
        {
            await using var command = store.Database.Side.CreateCommand(
                "select handler, type, event_id, stream, seq, attempts, at, replay_at is not null, error from dead_letters order by at, event_id");
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                letters.Add(new DeadLetter(
                    store.Module, reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4),
                    reader.GetInt32(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetBoolean(7), reader.GetString(8)));
            }
        }

        return letters;
    }

    /// <summary>Has them handled anew: all of a module, or one event's, or both together.</summary>
    /// <returns>How many are marked now.</returns>
    public async Task<int> ReplayAsync(string? module, Guid? eventId, CancellationToken ct)
    {
        var marked = 0;
        foreach (var store in StoresOf(module))
        {
            await using var command = store.Database.Side.CreateCommand("update dead_letters set replay_at = now() where $1 is null or event_id = $1");
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)eventId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
            marked += await command.ExecuteNonQueryAsync(ct);
        }

        return marked;
    }

    private IEnumerable<DocumentStore> StoresOf(string? module) => stores.All.Where(s => module is null || s.Module.Equals(module, StringComparison.Ordinal));
}
