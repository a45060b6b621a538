using Modular.Testing;

namespace Modular.Cluster.Tests;

[Collection<RunningReplicas>]
public sealed class ReplicaTests(RunningReplicas running)
{
    private Replicas Replicas => running.Replicas;

    [Fact]
    public async Task What_is_asked_on_one_replica_is_seen_on_the_other_at_once()
    {
        await using var quiet = await QuietRoom.OpenAsync(Replicas);

        await quiet.IsLiveAsync();

        await quiet.EndAsync();
    }

    [Fact]
    public async Task What_a_hundred_people_ask_on_two_replicas_fifty_others_see_in_one_gapless_order()
    {
        var room = await Replicas.RoomAsync();
        var followers = await Replicas.FollowersAsync(25, room);
        var people = await Replicas.PostersAsync(50, room);

        await Task.WhenAll(people.Select(p => p.AskAsync(10)));

        await Lobby.AllSeeTheSameAsync(followers, people);
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }
}
