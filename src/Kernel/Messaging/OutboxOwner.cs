using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Who owns the outbox rows this process writes: a row with a heartbeat. Every batch reads it <c>for key share</c>, so a
/// process that was taken for dead and adopted finds out before it commits, and goes on under a new id.
/// </summary>
/// <param name="connections">Of its own: a heartbeat that waits behind other work looks like a dead process.</param>
internal sealed class OutboxOwner(string schema, NpgsqlDataSource connections, string instance, TimeProvider clock, ILogger logger)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private bool registered;

    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>Takes a new id: at the start, and when the old one was adopted; what was written under an id that is gone comes along.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var command = connections.CreateCommand($"insert into {schema}.outbox_owner(owner_id, instance) values ($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = instance });
        await command.ExecuteNonQueryAsync(ct);
        var lost = registered;
        (Id, registered) = (id, true);
        if (lost)
            await AdoptAllAsync(ct);
    }

    public async Task BeatUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await using var command = connections.CreateCommand($"update {schema}.outbox_owner set heartbeat_at = now() where owner_id = $1");
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
                if (await command.ExecuteNonQueryAsync(stop) == 0)
                    await RenewAsync(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The heartbeat of {Module} failed: {Reason}", schema, e.Message);
            }
        }
    }

    /// <summary>
    /// Without a broker one process serves a database. Refuses where an older one is alive; what a dead one left becomes
    /// this one's. A heartbeat that is young at first may be that of a process just killed, so it is watched until it is
    /// <see cref="Silence"/> old or moves.
    /// </summary>
    public async Task BecomeTheOnlyOneAsync(CancellationToken ct)
    {
        var first = new Dictionary<Guid, DateTime>();
        while (true)
        {
            var others = await OlderLiveOwnersAsync(ct);
            foreach (var (id, other, beat) in others)
            {
                if (first.TryGetValue(id, out var before) && before != beat)
                {
                    throw new RefusedToRunException(
                        $"Another host ({other}) is serving this database and no message broker is configured, so the two could not tell each other what happens. Stop the other host, or give both a Bus:Url.");
                }

                first.TryAdd(id, beat);
            }

            if (others.Count == 0)
                break;
            logger.LogInformation("Waiting until the host that used this database before is known to be gone ({Module})", schema);
            await Task.Delay(TimeSpan.FromMilliseconds(500), clock, ct);
        }

        await AdoptAllAsync(ct);
    }

    /// <summary>Leaves cleanly: rows that are left have no owner and whoever comes next takes them.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        if (!registered)
            return;
        await using var command = connections.CreateCommand($"delete from {schema}.outbox_owner where owner_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        await command.ExecuteNonQueryAsync(ct);
        registered = false;
    }

    private async Task<List<(Guid Id, string Instance, DateTime Beat)>> OlderLiveOwnersAsync(CancellationToken ct)
    {
        await using var command = connections.CreateCommand($"""
            select o.owner_id, o.instance, o.heartbeat_at from {schema}.outbox_owner o, {schema}.outbox_owner me
            where me.owner_id = $1 and o.owner_id <> $1 and (o.started_at, o.owner_id) < (me.started_at, me.owner_id)
              and o.heartbeat_at > now() - $2
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Silence });
        var found = new List<(Guid, string, DateTime)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetGuid(0), reader.GetString(1), reader.GetDateTime(2)));
        return found;
    }

    /// <summary>Deleting a dead owner's row waits for a batch of it that is still committing; after that none can.</summary>
    private async Task AdoptAllAsync(CancellationToken ct)
    {
        await using var connection = await connections.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var delete = new NpgsqlCommand($"delete from {schema}.outbox_owner where heartbeat_at <= now() - $1 and owner_id <> $2", connection, transaction);
        delete.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Silence });
        delete.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        await delete.ExecuteNonQueryAsync(ct);
        await using var adopt = new NpgsqlCommand(
            $"update {schema}.outbox set owner_id = $1 where owner_id not in (select owner_id from {schema}.outbox_owner)", connection, transaction);
        adopt.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        var rows = await adopt.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        if (rows > 0)
            logger.LogInformation("Took over {Rows} undelivered events of {Module}", rows, schema);
    }
}
