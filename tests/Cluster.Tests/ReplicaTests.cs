using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class ReplicaTests
{
    [Fact]
    public async Task What_is_asked_on_one_replica_is_seen_on_the_other()
    {
        await using var replicas = await Replicas.StartAsync(2);
        await using var follower = await Follower.OfAsync(replicas.B.Address, Lobby.Stream);

        var asked = (await Lobby.AskAsync(replicas.A.Address, "Does it arrive?", "one")).Must(201);

        await follower.SeesAsync(1, TimeSpan.FromSeconds(2));
        follower.Subjects.ShouldBe([asked.Id]);
        follower.Lost.ShouldBe(0);
        await replicas.StopAsync();
    }

    [Fact]
    public async Task What_a_hundred_people_ask_on_two_replicas_fifty_others_see_in_one_gapless_order()
    {
        await using var replicas = await Replicas.StartAsync(2);
        var followers = await replicas.FollowersAsync(25);
        var people = await replicas.PostersAsync(50);

        await Task.WhenAll(people.Select(p => p.AskAsync(10)));

        await Lobby.AllSeeTheSameAsync(followers, people);
        foreach (var follower in followers)
            await follower.DisposeAsync();
        await replicas.StopAsync();
    }
}
