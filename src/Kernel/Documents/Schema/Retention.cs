using Microsoft.Extensions.Logging;
using Npgsql;

namespace Modular.Kernel.Documents.Schema;

/// <summary>
/// Trims what a store keeps: the log to 24 h and the last 1,000 events of a stream, whichever keeps more, never more
/// than 100,000 of one, and never what is not yet published; commit ids after an hour, inbox rows after a week,
/// documents when their time is over.
/// Small transactions under the lease of one process.
/// </summary>
internal sealed class Retention(DocumentStore store, TimeProvider clock, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int Chunk = 5_000;

    public async Task RunUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                if (await store.HoldLeaseAsync("retention", Interval * 2, stop))
                    await TrimAsync(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("Trimming {Module} failed and is tried again later: {Reason}", store.Module, e.Message);
            }
        }
    }

    public async Task TrimAsync(CancellationToken ct)
    {
        var old = await TrimAllAsync("""
            delete from events where (stream, seq) in (
              select e.stream, e.seq from events e join streams s on s.name = e.stream
              where e.at < now() - interval '24 hours' and e.seq <= s.head - 1000
                and not exists (select 1 from outbox o where o.event_id = e.event_id) limit $1)
            """, ct);
        var many = await TrimAllAsync("""
            delete from events where (stream, seq) in (
              select e.stream, e.seq from streams s join events e on e.stream = s.name and e.seq <= s.head - 100000
              where s.head > 100000 and not exists (select 1 from outbox o where o.event_id = e.event_id) limit $1)
            """, ct);
        await TrimAllAsync("delete from commits where batch_id in (select batch_id from commits where at < now() - interval '1 hour' limit $1)", ct);
        await TrimAllAsync("delete from inbox where (event_id, handler) in (select event_id, handler from inbox where at < now() - interval '7 days' limit $1)", ct);
        foreach (var table in store.Tables.Where(t => t.KeptUntil is not null))
            await TrimAllAsync($"delete from {table.Table} where id in (select id from {table.Table} where {table.KeptUntil} < now() limit $1)", ct);
        if (old + many > 0)
            logger.LogInformation("Trimmed {Events} events from the log of {Module}", old + many, store.Module);
    }

    private async Task<int> TrimAllAsync(string sql, CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            await using var command = store.Database.Side.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
            var rows = await command.ExecuteNonQueryAsync(ct);
            total += rows;
            if (rows < Chunk)
                return total;
        }
    }
}
