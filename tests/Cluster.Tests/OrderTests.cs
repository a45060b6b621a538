using Modular.Testing;

namespace Modular.Cluster.Tests;

[Collection<Alone>]
public sealed class OrderTests
{
    [Fact]
    public async Task What_a_hundred_people_ask_at_once_fifty_others_see_in_one_gapless_order()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var host = await HostProcess.StartAsync(database.ConnectionString);
        var followers = await Follower.SeveralAsync(50, host.Address, Lobby.Stream);
        var people = await Poster.SeveralAsync(100, host.Address);

        await Task.WhenAll(people.Select(p => p.AskAsync(10)));

        foreach (var follower in followers)
            await follower.SeesAsync(1000);
        followers[0].Numbers.ShouldBe(Enumerable.Range(1, 1000).Select(n => (long)n));
        followers[0].Subjects.Order().ShouldBe(people.SelectMany(p => p.Saved.Values).Order());
        foreach (var follower in followers)
        {
            follower.Numbers.ShouldBe(followers[0].Numbers);
            follower.Subjects.ShouldBe(followers[0].Subjects);
            follower.Lost.ShouldBe(0);
            await follower.DisposeAsync();
        }

        await host.StopAsync();
    }
}
