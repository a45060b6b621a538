using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Messaging;

/// <summary>
/// A process without a broker serves a database alone. Refuses where an older one is alive and either of the two has none.
/// A heartbeat that is young at first may be that of a process just killed, so it is watched until it is
/// <see cref="OutboxOwner.Silence"/> old or moves.
/// </summary>
internal sealed class SeparateHosts(string schema, NpgsqlDataSource connections, Guid me, bool alone, TimeProvider clock, ILogger logger)
{
    public async Task RefuseAsync(CancellationToken ct)
    {
        var first = new Dictionary<Guid, DateTime>();
        while (true)
        {
            var others = await LiveOwnersAsync(ct);
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

    private async Task<List<(Guid Id, string Instance, DateTime Beat)>> LiveOwnersAsync(CancellationToken ct)
    {
        await using var command = connections.CreateCommand($"""
            select o.owner_id, o.instance, o.heartbeat_at from {schema}.outbox_owner o, {schema}.outbox_owner me
            where me.owner_id = $1 and o.owner_id <> $1 and (o.started_at, o.owner_id) < (me.started_at, me.owner_id)
              and o.heartbeat_at > now() - $2 and (o.alone or me.alone)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = OutboxOwner.Silence });
        var found = new List<(Guid, string, DateTime)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetGuid(0), reader.GetString(1), reader.GetDateTime(2)));
        return found;
    }
}
