using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Npgsql;
using NpgsqlTypes;

namespace Modular.Kernel.Messaging;

/// <summary>
/// Who owns the outbox rows this process writes: a row with a heartbeat. Every batch reads it <c>for key share</c>, so a
/// process that was taken for dead and adopted finds out before it commits, and goes on under a new id.
/// </summary>
/// <param name="connections">Of its own: a heartbeat that waits behind other work looks like a dead process.</param>
internal sealed class OutboxOwner(string schema, NpgsqlDataSource connections, string instance, BusHealth bus, TimeProvider clock, ILogger logger)
    : IDisposable
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1, 1);
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

    /// <summary>
    /// Takes a new id: at the start, and when the old one was adopted; what was written under the old one and nobody took comes along.
    /// The commit loop, the side connection and the heartbeat may all find out at once: the first takes one for all.
    /// </summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var id = Guid.CreateVersion7();
            await using var connection = await connections.OpenConnectionAsync(ct);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand($"""
                        insert into {schema}.outbox_owner(owner_id, instance, alone)
                        select $1, $2, $3 where not exists (select from {schema}.outbox_owner where owner_id = $4)
                        """)
                    {
                        Parameters = { P(id), P(instance), P(alone), P(Id) },
                    },
                    new NpgsqlBatchCommand(
                        $"update {schema}.outbox set owner_id = $1 where owner_id = $2 and exists (select from {schema}.outbox_owner where owner_id = $1)")
                    {
                        Parameters = { P(id), P(Id) },
                    },
                },
            };
            await batch.ExecuteNonQueryAsync(ct);
            if (batch.BatchCommands[0].RecordsAffected == 0)
                return;
            (Id, registered) = (id, true);
            Begin();
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task BeatUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                // When it heard, and not now: what is believed of it for a while counts from there.
                await using var command = connections.CreateCommand(
                    $"update {schema}.outbox_owner set heartbeat_at = now(), heard_at = coalesce(now() - $2, heard_at) where owner_id = $1");
                command.Parameters.Add(P(Id));
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Interval, Value = bus.HeardAgo ?? (object)DBNull.Value });
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

    public Task RefuseIfSeparateAsync(CancellationToken ct) => new SeparateHosts(schema, connections, Id, alone, clock, logger).RefuseAsync(ct);

    /// <summary>Leaves cleanly: rows that are left have no owner and whoever sees them first takes them.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        if (!registered)
            return;
        await using var command = connections.CreateCommand($"delete from {schema}.outbox_owner where owner_id = $1");
        command.Parameters.Add(P(Id));
        await command.ExecuteNonQueryAsync(ct);
        registered = false;
    }

    public void Dispose() => turn.Dispose();

    private static NpgsqlParameter<T> P<T>(T value) => new() { TypedValue = value };

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
