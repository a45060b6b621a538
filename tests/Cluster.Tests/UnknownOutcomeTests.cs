using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>The database has committed and its answer never came: a client is told the truth, whatever can be known of it.</summary>
public sealed class UnknownOutcomeTests
{
    [Fact]
    public async Task A_commit_whose_answer_is_swallowed_is_found_and_answered_with_success()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var link = new TcpProxy(database.Port);
        await using var host = await HostProcess.StartAsync(database.Through(link), settings: ("Database__BatchTimeoutSeconds", "1"));
        await using var follower = await Follower.OfAsync(host.Address, Lobby.Stream);
        var before = (await Lobby.AskAsync(host.Address, "Before?", "before")).Must(201);

        var held = link.HoldAnswerTo("Swallowed?");
        var asked = (await Lobby.AskAsync(host.Address, "Swallowed?", "the one")).Must(201);

        held.IsCompleted.ShouldBeTrue();
        (await Lobby.CountAsync(database, "the one")).ShouldBe(1);
        await Lobby.AllSeeAsync([follower], before.Id, asked.Id);
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from questions.outbox") == 0);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_commit_that_stays_open_until_the_deadline_is_503_and_its_retry_makes_exactly_one()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var link = new TcpProxy(database.Port);
        await using var host = await HostProcess.StartAsync(database.Through(link), settings:
            [("Database__BatchTimeoutSeconds", "9"), ("Database__QueueTimeoutMs", "5000"), ("Database__OutcomeTimeoutMs", "5000")]);
        await using var follower = await Follower.OfAsync(host.Address, Lobby.Stream);
        var before = (await Lobby.AskAsync(host.Address, "Before?", "before")).Must(201);

        // Somebody who is there already: making a guest would be a commit of its own, which must not be late where none can connect again.
        using var nobody = host.Somebody();
        using var guest = new Browser(host.Address, (await nobody.Post("/api/users/guests")).Must(201)["accessToken"].GetString());
        var question = new { body = "Still open?", clientId = "the one" };
        var held = link.HoldAnswerTo("Still open?");
        var asking = guest.Post("/api/questions", question);
        await Task.WhenAny(held, asking);
        link.RefuseNew();
        var open = (await asking).Must(503);

        held.IsCompleted.ShouldBeTrue();
        open.Problem.ShouldBe("outcome-unknown");
        open["detail"].GetString()!.ShouldContain("may have been saved; send again with the same clientId");
        open.Headers.Keys.ShouldContain("Retry-After");
        (await Lobby.CountAsync(database, "the one")).ShouldBe(1);

        link.AcceptNew();
        var asked = await Eventually.Returns("the retry succeeds", async () => await guest.Post("/api/questions", question) is { Status: 200 } answer ? answer : null);
        (await Lobby.CountAsync(database, "the one")).ShouldBe(1);
        await Lobby.AllSeeAsync([follower], before.Id, asked.Id);
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from questions.outbox") == 0);
        await host.StopAsync();
    }
}
