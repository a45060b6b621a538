using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Who owns the outbox rows this process writes: a row with a heartbeat. Every batch reads it <c>for key share</c>, so a
/// process that was taken for dead and adopted finds out before it commits, and goes on under a new id.
/// </summary>
/// <param name="connections">Of its own: a heartbeat that waits behind other work looks like a dead process.</param>
internal sealed class OutboxOwner(string schema, NpgsqlDataSource connections, string instance, BusHealth bus, TimeProvider clock, ILogger logger)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private bool registered;
    private bool alone;
    private long beatingSince;
    private long lastBeat;

    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>
    /// For how long its own heartbeat has gone without a break. After a database was away, or this process frozen, everybody's
    /// heartbeat looks old; who judges others must have watched long enough for the living to beat again.
    /// </summary>
    public TimeSpan Unbroken => clock.GetElapsedTime(Volatile.Read(ref lastBeat)) > Beat * 2 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref beatingSince));

    public Task RegisterAsync(bool alone, CancellationToken ct)
    {
        this.alone = alone;
        return RenewAsync(ct);
    }

    /// <summary>Takes a new id: at the start, and when the old one was adopted; what was written under the old one and nobody took comes along.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await connections.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"insert into {schema}.outbox_owner(owner_id, instance, alone) values ($1, $2, $3)")
                {
                    Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<string> { TypedValue = instance }, new NpgsqlParameter<bool> { TypedValue = alone } },
                },
            },
        };
        if (registered)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"update {schema}.outbox set owner_id = $1 where owner_id = $2")
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<Guid> { TypedValue = Id } },
            });
        }

        await batch.ExecuteNonQueryAsync(ct);
        (Id, registered) = (id, true);
        Begin();
    }

    public async Task BeatUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await using var command = connections.CreateCommand(
                    $"update {schema}.outbox_owner set heartbeat_at = now(), heard_at = case when $2 then now() else heard_at end where owner_id = $1");
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
                command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = bus.Hears });
                if (await command.ExecuteNonQueryAsync(stop) == 0)
                    await RenewAsync(stop);
                else
                    Continue();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The heartbeat of {Module} failed: {Reason}", schema, e.Message);
            }
        }
    }

    /// <summary>
    /// A process without a broker serves a database alone. Refuses where an older one is alive and either of the two has none.
    /// A heartbeat that is young at first may be that of a process just killed, so it is watched until it is
    /// <see cref="Silence"/> old or moves.
    /// </summary>
    public async Task RefuseIfSeparateAsync(CancellationToken ct)
    {
        var first = new Dictionary<Guid, DateTime>();
        while (true)
        {
            var others = await SeparateLiveOwnersAsync(ct);
            foreach (var (id, other, beat) in others)
            {
                if (first.TryGetValue(id, out var before) && before != beat)
                {
                    throw new RefusedToRunException(alone
                        ? $"Another host ({other}) is serving this database and no message broker is configured, so the two could not tell each other what happens. Stop the other host, or give both a Bus:Url."
                        : $"Another host ({other}) is serving this database without a message broker, so it would not learn what happens here. Stop it, or give it the same Bus:Url.");
                }

                first.TryAdd(id, beat);
            }

            if (others.Count == 0)
                return;
            logger.LogInformation("Waiting until the host that used this database before is known to be gone ({Module})", schema);
            await Task.Delay(TimeSpan.FromMilliseconds(500), clock, ct);
        }
    }

    /// <summary>Leaves cleanly: rows that are left have no owner and whoever sees them first takes them.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        if (!registered)
            return;
        await using var command = connections.CreateCommand($"delete from {schema}.outbox_owner where owner_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        await command.ExecuteNonQueryAsync(ct);
        registered = false;
    }

    private async Task<List<(Guid Id, string Instance, DateTime Beat)>> SeparateLiveOwnersAsync(CancellationToken ct)
    {
        await using var command = connections.CreateCommand($"""
            select o.owner_id, o.instance, o.heartbeat_at from {schema}.outbox_owner o, {schema}.outbox_owner me
            where me.owner_id = $1 and o.owner_id <> $1 and (o.started_at, o.owner_id) < (me.started_at, me.owner_id)
              and o.heartbeat_at > now() - $2 and (o.alone or me.alone)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Id });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Silence });
        var found = new List<(Guid, string, DateTime)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetGuid(0), reader.GetString(1), reader.GetDateTime(2)));
        return found;
    }

    private void Begin()
    {
        Volatile.Write(ref beatingSince, clock.GetTimestamp());
        Volatile.Write(ref lastBeat, clock.GetTimestamp());
    }

    private void Continue()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref lastBeat)) > Beat * 2)
            Begin();
        else
            Volatile.Write(ref lastBeat, clock.GetTimestamp());
    }
}
