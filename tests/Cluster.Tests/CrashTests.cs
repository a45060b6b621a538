using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class CrashTests
{
    [Fact]
    public async Task A_question_whose_host_is_killed_between_commit_and_dispatch_is_asked_once_and_reaches_everyone_once()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var link = new TcpProxy(database.Port);
        // Longer than the test: the host must not find out by itself what became of its commit.
        await using var first = await HostProcess.StartAsync(database.Through(link), settings: ("Database__BatchTimeoutSeconds", "60"));
        var followers = await Follower.SeveralAsync(5, first.Address, Lobby.Stream);
        var before = (await Lobby.AskAsync(first.Address, "Before?", "before")).Must(201);

        var held = link.HoldAnswerTo("Committed and never told?");
        var asking = Lobby.AskAsync(first.Address, "Committed and never told?", "the one");
        await held;
        await Eventually.Is(async () => await Lobby.CountAsync(database, "the one") == 1);
        asking.IsCompleted.ShouldBeFalse();
        await first.KillAsync();
        await Should.ThrowAsync<HttpRequestException>(asking);

        await using var second = await HostProcess.StartAsync(database.Through(link), at: first.Address);
        var again = (await Lobby.AskAsync(second.Address, "Committed and never told?", "the one")).Must(200);
        (await Lobby.CountAsync(database, "the one")).ShouldBe(1);
        var after = (await Lobby.AskAsync(second.Address, "After?", "after")).Must(201);

        await Lobby.AllSeeAsync(followers, before.Id, again.Id, after.Id);
        followers.ShouldAllBe(f => f.Lost == 0);
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from questions.outbox") == 0);
        foreach (var follower in followers)
            await follower.DisposeAsync();
        await second.StopAsync();
    }
}
