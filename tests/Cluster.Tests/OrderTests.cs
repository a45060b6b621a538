using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class OrderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_a_hundred_people_ask_at_once_fifty_others_see_in_one_gapless_order()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await HostProcess.StartAsync(database.ConnectionString);
        var followers = await Follower.SeveralAsync(50, host.Address, Lobby.Stream);
        var people = await Poster.SeveralAsync(100, host.Address);

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

        await host.StopAsync();
    }

    /// <summary>
    /// The server's own count holds more than the posts' commits: clearing the outbox after each, the beats of four
    /// modules, starting and stopping. One person posts from everywhere, because who somebody is is read every two
    /// seconds, and reads count too. Backends report at the latest when they end, so it is read when the host has stopped.
    /// </summary>
    [Fact]
    public async Task Sixty_four_posters_at_once_share_their_commits()
    {
        const int Each = 100;
        await using var database = await TestDatabase.CreateAsync();
        await using var first = await HostProcess.StartAsync(database.ConnectionString);
        var posters = await Poster.OnSeveralDevicesAsync(64, first.Address);
        await first.StopAsync();
        var before = await CommitsAsync(database);
        await using var host = await HostProcess.StartAsync(database.ConnectionString, at: first.Address);

        await Task.WhenAll(posters.Select(p => p.AskAsync(Each)));

        await host.StopAsync();
        var commits = await CommitsAsync(database) - before;
        output.WriteLine($"{commits} commits for {posters.Length * Each} questions");
        commits.ShouldBeLessThan(posters.Length * Each / 8);
        (await database.ScalarAsync<long>("select count(*) from questions.question")).ShouldBe(posters.Length * Each);
    }

    private static async Task<long> CommitsAsync(TestDatabase database)
    {
        await Eventually.Is(async () => await database.ScalarAsync<long>(
            $"select count(*) from pg_stat_activity where datname = '{database.Name}' and application_name like 'modular %'") == 0);
        return await database.ScalarAsync<long>($"select xact_commit from pg_stat_database where datname = '{database.Name}'");
    }
}
