using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class ReplicaTests
{
    [Fact]
    public async Task What_is_asked_on_one_replica_is_seen_on_the_other()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bus = ("Bus__Url", Environment.GetEnvironmentVariable("MODULAR_TEST_RABBITMQ")!);
        await using var a = await HostProcess.StartAsync(database.ConnectionString, settings: bus);
        await using var b = await HostProcess.StartAsync(database.ConnectionString, settings: bus);
        await using var follower = await Follower.OfAsync(b.Address, Lobby.Stream);

        var asked = (await Lobby.AskAsync(a.Address, "Does it arrive?", "one")).Must(201);

        await follower.SeesAsync(1, TimeSpan.FromSeconds(2));
        follower.Subjects.ShouldBe([asked.Id]);
        follower.Lost.ShouldBe(0);
        await a.StopAsync();
        await b.StopAsync();
    }

    [Fact]
    public async Task What_a_hundred_people_ask_on_two_replicas_fifty_others_see_in_one_gapless_order()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bus = ("Bus__Url", Environment.GetEnvironmentVariable("MODULAR_TEST_RABBITMQ")!);
        await using var a = await HostProcess.StartAsync(database.ConnectionString, settings: bus);
        await using var b = await HostProcess.StartAsync(database.ConnectionString, settings: bus);
        Follower[] followers = [.. await Follower.SeveralAsync(25, a.Address, Lobby.Stream), .. await Follower.SeveralAsync(25, b.Address, Lobby.Stream)];
        Poster[] people = [.. await Poster.SeveralAsync(50, a.Address), .. await Poster.SeveralAsync(50, b.Address)];

        await Task.WhenAll(people.Select(p => p.AskAsync(10)));

        foreach (var follower in followers)
            await follower.SeesAsync(1000, TimeSpan.FromSeconds(30));
        followers[0].Numbers.ShouldBe(Enumerable.Range(1, 1000).Select(n => (long)n));
        followers[0].Subjects.Order().ShouldBe(people.SelectMany(p => p.Saved.Values).Order());
        foreach (var follower in followers)
        {
            follower.Numbers.ShouldBe(followers[0].Numbers);
            follower.Subjects.ShouldBe(followers[0].Subjects);
            follower.Lost.ShouldBe(0);
            await follower.DisposeAsync();
        }

        await a.StopAsync();
        await b.StopAsync();
    }
}
