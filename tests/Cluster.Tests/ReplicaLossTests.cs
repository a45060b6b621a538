using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>What a replica has committed and not told anybody, another one tells.</summary>
public sealed class ReplicaLossTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_a_replica_committed_before_it_was_killed_reaches_followers_and_handlers_once_through_another()
    {
        await using var replicas = await Replicas.StartAsync(2);
        await using var follower = await Follower.OfAsync(replicas.B.Address, Lobby.Stream);
        var before = (await Lobby.AskAsync(replicas.A.Address, "Before?", "before")).Must(201);
        await Eventually.Is(async () => await replicas.UndeliveredAsync() == 0);
        var owners = (await replicas.OwnersAsync("rooms")).ToHashSet();
        owners.Count.ShouldBe(2);

        replicas.A.Link.Swallow();
        var untold = (await Lobby.AskAsync(replicas.A.Address, "Never told?", "the one")).Must(201);
        using var host = replicas.A.Host.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Never told" })).Must(201).Id;
        (await replicas.UndeliveredAsync()).ShouldBe(2);
        await replicas.A.Host.KillAsync();
        replicas.A.Link.Cut();

        await Task.WhenAll(
            output.TookAsync("seen on B", follower.SeesAsync(2)),
            output.TookAsync("handled on B", Eventually.Is(async () => await replicas.UnhandledAsync() == 0, Timing.Recovery)));
        await Eventually.Is(async () => await replicas.UndeliveredAsync() == 0);
        (await replicas.ScalarAsync<int>($"select version from questions.room_copy where id = '{room}'")).ShouldBe(1);
        (await replicas.OwnersAsync("rooms")).ShouldHaveSingleItem().ShouldBeOneOf([.. owners]);
        var after = (await Lobby.AskAsync(replicas.B.Address, "After?", "after")).Must(201);
        await Lobby.AllSeeAsync([follower], before.Id, untold.Id, after.Id);
        follower.Lost.ShouldBe(0);
        await replicas.StopAsync();
    }

    [Fact]
    public async Task A_replica_that_was_frozen_and_taken_for_dead_goes_on_under_a_new_name_and_repeats_nothing()
    {
        await using var replicas = await Replicas.StartAsync(2);
        await using var crowd = await Crowd.StartAsync(replicas);
        var owners = await replicas.OwnersAsync("questions");

        replicas.A.Host.Freeze();
        foreach (var module in Replicas.Modules)
            await Eventually.Is(async () => (await replicas.OwnersAsync(module)).Length == 1, what: $"its events of {module} have been taken over");
        replicas.A.Host.Wake();

        output.WriteLine((await crowd.CaughtUpAsync(Timing.Recovery)).ToString());
        foreach (var module in Replicas.Modules)
            await Eventually.Is(async () => (await replicas.OwnersAsync(module)).Length == 2, what: $"both own events of {module}");
        (await replicas.OwnersAsync("questions")).Intersect(owners).Count().ShouldBe(1);
        await crowd.GoesOnAsync();
        await crowd.EndAsync();
        await replicas.StopAsync();
    }
}
