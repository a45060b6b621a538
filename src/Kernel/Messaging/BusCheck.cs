using Microsoft.Extensions.Diagnostics.HealthChecks;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// A broker that is away only degrades: everything is accepted, and healed from the log. Not ready is a process that alone
/// has gone deaf while the broker confirms what it publishes and another replica hears; were all deaf, taking them all away would help nobody.
/// </summary>
internal sealed class BusCheck(IEventTransport transport, BusHealth bus, StoreSet stores) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (transport.IsAlone)
            return HealthCheckResult.Healthy();
        if (bus.IsDeaf)
        {
            return await AnotherHearsAsync(cancellationToken)
                ? HealthCheckResult.Unhealthy("The message broker takes what this process publishes, but brings it nothing.")
                : HealthCheckResult.Degraded("The message broker brings nothing, here or to any other replica. Events come from the database, late.");
        }

        return bus.IsConfirmed ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("The message broker does not answer. Other replicas' events come from the database, late.");
    }

    private async Task<bool> AnotherHearsAsync(CancellationToken ct)
    {
        var store = stores.All.First();
        try
        {
            await using var command = store.Database.Reads.CreateCommand(
                "select exists (select from outbox_owner where owner_id <> $1 and heartbeat_at > now() - $2 and heard_at > now() - $3)");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = store.Owner.Id });
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = BusHealth.Silence });
            // Sooner than that one finds itself deaf: a heartbeat that waited tells of an earlier moment than it says.
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = BusHealth.Silence * 2 / 3 });
            return (bool)(await command.ExecuteScalarAsync(ct))!;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            return false;                                    // the database's own check speaks of that
        }
    }
}
