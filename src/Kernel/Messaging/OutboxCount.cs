using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// How much this process still has to publish, for whoever watches: counted as it comes and goes, put right by the table now and
/// then, and how old the oldest is, which only the table knows. Where nobody watches, nothing is asked.
/// </summary>
internal sealed class OutboxCount
{
    private const int LooksPerCount = 12;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly DocumentStore store;
    private readonly KernelMetrics metrics;
    private readonly ILogger logger;
    private long depth;
    private TimeSpan oldest;

    public OutboxCount(DocumentStore store, KernelMetrics metrics, ILogger logger)
    {
        (this.store, this.metrics, this.logger) = (store, metrics, logger);
        metrics.WatchOutbox(store.Module, () => Math.Max(0, Interlocked.Read(ref depth)), () => oldest);
    }

    public void Added(int rows) => Interlocked.Add(ref depth, rows);

    public void Removed(int rows) => Interlocked.Add(ref depth, -rows);

    public async Task CountUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, store.Clock);
        for (var look = 0; await timer.WaitForNextTickAsync(stop); look = (look + 1) % LooksPerCount)
        {
            if (!metrics.IsOutboxWatched)
                continue;
            try
            {
                await LookAsync(count: look == 0, stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogDebug("The outbox of {Module} cannot be looked at: {Reason}", store.Module, e.Message);
            }
        }
    }

    /// <summary>A lane's oldest row is the first of its index: cheap however many there are, which counting is not.</summary>
    public async Task LookAsync(bool count, CancellationToken ct)
    {
        var before = Interlocked.Read(ref depth);
        await using var command = store.Database.Reads.CreateCommand("""
            select (select max(now() - first.at) from generate_series(0, $2) lane,
                      lateral (select at from outbox where owner_id = $1 and outbox.lane = lane.lane order by id limit 1) first),
                   case when $3 then (select count(*) from outbox where owner_id = $1) end
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = store.Owner.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Lanes.Count - 1 });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        oldest = await reader.IsDBNullAsync(0, ct) ? TimeSpan.Zero : await reader.GetFieldValueAsync<TimeSpan>(0, ct);
        if (!await reader.IsDBNullAsync(1, ct))
            Interlocked.Add(ref depth, reader.GetInt64(1) - before);
    }
}
