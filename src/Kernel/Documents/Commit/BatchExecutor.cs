using System.Text;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>One connection that commits batches, and what to do when it breaks in the middle of one.</summary>
internal sealed class BatchExecutor(ModuleDatabase database, OutboxOwner owner) : IAsyncDisposable
{
    private readonly BatchSql sql = new(database.Schema);
    private NpgsqlConnection? connection;

    public bool IsOpen => connection is { State: System.Data.ConnectionState.Open };

    /// <summary>Opens the connection if it is not open; throws when the database is away.</summary>
    public async Task EnsureOpenAsync(CancellationToken ct)
    {
        if (IsOpen)
            return;
        await DropConnectionAsync();
        connection = await database.Writes.OpenConnectionAsync(ct);
    }

    /// <summary>Commits the sets in one transaction and one round trip. Returns their outbox rows in the order written.</summary>
    /// <param name="impatient">Gives up soon where a row is held.</param>
    public async Task<List<OutboxRow>> ExecuteAsync(IReadOnlyList<WriteSet> sets, Guid batchId, bool impatient = false)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = database.BatchTimeoutSeconds };
        if (impatient)
            BatchSql.Hurry(batch);
        sql.Fill(batch, sets, batchId, owner.Id);
        return Rows(sets, await WrittenAsync(batch, CancellationToken.None));
    }

    /// <summary>Runs work of its own in a transaction, then numbers the events it appended, then commits.</summary>
    public async Task<T> TransactAsync<T>(
        DocumentStore store, Func<ISideTransaction, CancellationToken, Task<T>> work, Action<List<OutboxRow>> committed, CancellationToken ct)
    {
        await EnsureOpenAsync(ct);
        var side = new SideTransaction(store, connection!);
        List<OutboxRow> rows = [];
        T result;
        await using (var transaction = await connection!.BeginTransactionAsync(ct))
        {
            result = await work(side, ct);
            if (!side.Writes.IsEmpty)
            {
                await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = database.BatchTimeoutSeconds };
                sql.FillWrites(batch, [side.Writes], owner.Id);
                rows = Rows([side.Writes], await WrittenAsync(batch, ct));
            }

            await transaction.CommitAsync(CancellationToken.None);
        }

        committed(rows);
        return result;
    }

    /// <summary>
    /// Says how a batch ended whose answer was lost: inserting its id waits for the first try, finds it (committed) or
    /// takes its place, so that a late first try fails. A plain look-up says "absent" and then it commits.
    /// </summary>
    /// <returns>The rows if it was committed, null if it was not and never will be.</returns>
    public async Task<List<OutboxRow>?> ResolveAsync(IReadOnlyList<WriteSet> sets, Guid batchId, CancellationToken ct)
    {
        await DropConnectionAsync();
        await EnsureOpenAsync(ct);
        await using var insert = new NpgsqlCommand($"insert into {database.Schema}.commits(batch_id) values ($1) on conflict do nothing", connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = batchId } },
            CommandTimeout = database.BatchTimeoutSeconds,
        };
        if (await insert.ExecuteNonQueryAsync(ct) == 1)
            return null;
        var ids = sets.SelectMany(s => s.Events).Select(e => e.EventId).ToArray();
        var written = new Dictionary<Guid, (long, long, DateTimeOffset)>();
        await using var read = new NpgsqlCommand($"select id, event_id, seq, at from {database.Schema}.outbox where event_id = any($1)", connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } },
        };
        await using var reader = await read.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            written[reader.GetGuid(1)] = (reader.GetInt64(0), reader.GetInt64(2), await reader.GetFieldValueAsync<DateTimeOffset>(3, ct));
        return Rows(sets, written);
    }

    public async ValueTask DisposeAsync() => await DropConnectionAsync();

    private async Task DropConnectionAsync()
    {
        if (connection is null)
            return;
        await connection.DisposeAsync();
        connection = null;
    }

    /// <summary>Id, event id, number and time of the outbox rows: the only result with four columns.</summary>
    private static async Task<Dictionary<Guid, (long Id, long Seq, DateTimeOffset At)>> WrittenAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        var written = new Dictionary<Guid, (long, long, DateTimeOffset)>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            while (reader.FieldCount == 4 && await reader.ReadAsync(ct))
                written[reader.GetGuid(1)] = (reader.GetInt64(0), reader.GetInt64(2), await reader.GetFieldValueAsync<DateTimeOffset>(3, ct));
        }
        while (await reader.NextResultAsync(ct));
        return written;
    }

    /// <summary>Rows that another process has taken over and done meanwhile are absent; it has told them.</summary>
    private static List<OutboxRow> Rows(IReadOnlyList<WriteSet> sets, Dictionary<Guid, (long Id, long Seq, DateTimeOffset At)> written)
    {
        var rows = new List<OutboxRow>(written.Count);
        foreach (var set in sets)
        {
            foreach (var e in set.Events)
            {
                if (written.TryGetValue(e.EventId, out var row))
                {
                    rows.Add(new OutboxRow(
                        row.Id, Lanes.Of(e.Stream, e.EventId), e.EventId, e.Stream, row.Seq, e.Type, e.Subject,
                        Encoding.UTF8.GetBytes(e.Data), row.At, set.RequestId, BatchSql.RedactedBy(e, set), set.Trace));
                }
            }
        }

        return rows;
    }
}
