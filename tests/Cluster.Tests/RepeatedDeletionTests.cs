using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>The second round, which catches what requests in flight have written, is anybody's who lives.</summary>
public sealed class RepeatedDeletionTests
{
    [Fact]
    public async Task A_deletion_is_repeated_by_another_replica_when_the_one_that_made_it_is_killed()
    {
        await using var replicas = await Replicas.StartAsync(2);
        using var ann = replicas.A.Host.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        (await ann.Delete("/api/users/me")).Must(204);
        await replicas.A.Host.KillAsync();
        await replicas.ScalarAsync<object>($"""
            insert into rooms.member(id, data, version, created_at, updated_at)
            select i, jsonb_build_object('id', i, 'roomId', '018cc251-f400-7000-8000-000000000001', 'userId', '{me}'), 1, now(), now() from gen_random_uuid() i
            """);

        await replicas.ScalarAsync<object>("update users.deletion set deleted_at = deleted_at - interval '1 minute'");

        await Eventually.Is(async () => await replicas.ScalarAsync<long>("select count(*) from users.deletion where repeated_at is not null") == 1);
        await Eventually.Is(async () => await replicas.ScalarAsync<long>("select count(*) from rooms.member") == 0);
        await replicas.StopAsync();
    }
}
