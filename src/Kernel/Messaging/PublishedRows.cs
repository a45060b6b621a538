using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Rows that are published and may go. Many at once, because each delete is a transaction; a lost one is only a
/// duplicate, so it need not wait for the disk.
/// </summary>
internal sealed class PublishedRows(DocumentStore store)
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private const int Most = 5_000;

    private readonly List<long> ids = [];
    private long since;

    public bool IsEmpty => ids.Count == 0;

    public bool IsDue => ids.Count >= Most || (ids.Count > 0 && store.Clock.GetElapsedTime(since) >= Every);

    public void Add(IReadOnlyList<OutboxRow> published)
    {
        if (ids.Count == 0)
            since = store.Clock.GetTimestamp();
        foreach (var row in published)
            ids.Add(row.Id);
    }

    public async Task DeleteAsync(CancellationToken ct)
    {
        if (ids.Count == 0)
            return;
        await using var connection = await store.Database.Side.OpenConnectionAsync(ct);
        await using var delete = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"),
                new NpgsqlBatchCommand("delete from outbox where id = any($1)") { Parameters = { new NpgsqlParameter<long[]> { TypedValue = [.. ids] } } },
            },
        };
        store.Outbox.Removed(await delete.ExecuteNonQueryAsync(ct));
        ids.Clear();
    }
}
