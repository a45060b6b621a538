using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Takes over what other processes left: owners whose heart has been silent are removed, and rows without an owner
/// (theirs, and those of a process that left with a broker away) become this one's. A process frozen meanwhile finds its owner gone
/// with its next batch; what it still publishes is a duplicate.
/// </summary>
internal sealed class Adoption(DocumentStore store, KernelMetrics metrics, ILogger logger)
{
    private const int Chunk = 5_000;

    public async Task RunUntilAsync(Action adopted, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(OutboxOwner.Beat, store.Clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                if (store.Owner.Unbroken >= OutboxOwner.Silence)
                    await RemoveSilentAsync(stop);
                if (await TakeOrphansAsync(stop) > 0)
                    adopted();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("Looking for events of dead processes in {Module} failed and is tried again: {Reason}", store.Module, e.Message);
            }
        }
    }

    /// <summary>Deleting an owner waits for a batch of it that is still committing; after that none can.</summary>
    public async Task RemoveSilentAsync(CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand("""
            delete from outbox_owner where owner_id <> $1 and heartbeat_at <= now() - $2
              and exists (select from outbox_owner me where me.owner_id = $1 and me.heartbeat_at > now() - $2) returning instance
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = store.Owner.Id });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = OutboxOwner.Silence });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            logger.LogWarning("{Instance} has been silent for {Silence}; what it left undelivered in {Module} is taken over", reader.GetString(0), OutboxOwner.Silence, store.Module);
    }

    /// <summary>
    /// In small transactions, because a long outage leaves millions. The owners that rows name are found by skipping
    /// through the index: reading every row each time costs 0.3 s a million.
    /// </summary>
    public async Task<int> TakeOrphansAsync(CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            await using var command = store.Database.Side.CreateCommand("""
                with recursive named as (
                  (select owner_id from outbox order by owner_id limit 1)
                  union all
                  select (select owner_id from outbox where owner_id > named.owner_id order by owner_id limit 1) from named where named.owner_id is not null),
                gone as materialized (
                  select owner_id from named where owner_id is not null and not exists (select from outbox_owner o where o.owner_id = named.owner_id)),
                chunk as (
                  select id from outbox where owner_id in (select owner_id from gone) order by id limit $2 for update skip locked)
                update outbox set owner_id = $1 where id in (select id from chunk)
                """);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = store.Owner.Id });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
            var rows = await command.ExecuteNonQueryAsync(ct);
            total += rows;
            metrics.Adopted(store.Module, rows);
            store.Outbox.Added(rows);
            if (rows < Chunk)
            {
                if (total > 0)
                    logger.LogInformation("Took over {Rows} undelivered events of {Module}", total, store.Module);
                return total;
            }
        }
    }
}
