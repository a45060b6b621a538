using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>The browser's own EventSource. A proxy stands for the load balancer, so that the page's origin outlives a replica.</summary>
public sealed class EventSourceTests(Stage stage)
{
    [Fact]
    public async Task It_comes_back_by_itself_from_a_replica_that_dies_and_one_that_leaves_and_has_every_question_once_and_in_order()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var dies = await HostProcess.StartAsync(database.ConnectionString, settings: ("Bus__Url", broker.Url));
        await using var leaves = await HostProcess.StartAsync(database.ConnectionString, settings: ("Bus__Url", broker.Url));
        await using var stays = await HostProcess.StartAsync(database.ConnectionString, settings: ("Bus__Url", broker.Url));
        await using var balancer = new TcpProxy(dies.Address.Port);
        using var room = await Room.OpenAsync(stays.Address, "Town hall");
        await using var profile = await stage.Browser.NewContextAsync();
        var page = await PlainFollower.AtAsync(profile, new Uri($"http://127.0.0.1:{balancer.Port}"));
        await page.FollowAsync(room);
        await page.ConnectsAsync(1);
        using var enough = new CancellationTokenSource();
        var asking = KeepAskingAsync(stays, room, enough.Token);
        await page.SeesAsync(20);

        balancer.LeadTo(leaves.Address.Port);
        await dies.KillAsync();
        await page.ConnectsAsync(2);
        await page.SeesAsync((await page.SeenAsync()).Length + 20);
        balancer.LeadTo(stays.Address.Port);
        await leaves.StopAsync();
        await page.ConnectsAsync(3);
        await page.SeesAsync((await page.SeenAsync()).Length + 20);
        await enough.CancelAsync();
        var asked = await asking;
        await room.CloseAsync();
        await page.SeesAsync(asked.Count + 1);

        var seen = await page.SeenAsync();
        Assert.All(seen, s => Assert.Equal("events", s.Kind));
        Assert.Equal(asked, seen.Where(s => s.Type == "question.asked").Select(s => s.About));
        Assert.Equal(Enumerable.Range(1, asked.Count).Select(n => (long)n), seen.Where(s => s.Stream == $"questions/{room.Id}").Select(s => s.Seq));
        // Of another stream than the questions: the last of them may come behind it.
        Assert.Single(seen, s => s.Type == "room.closed");
        Assert.Equal(3, page.Positions.Count);
        Assert.Null(page.Positions[0]);
        Assert.All(page.Positions.Skip(1), position => Assert.Contains(position, seen.Select(s => s.Id)));
    }

    /// <summary>One person's questions, one after the other, in the order they were asked.</summary>
    private static async Task<List<Guid>> KeepAskingAsync(HostProcess host, Room room, CancellationToken enough)
    {
        using var asker = host.Somebody();
        var asked = new List<Guid>();
        while (!enough.IsCancellationRequested)
        {
            asked.Add((await asker.Post("/api/questions", new { body = $"Question {asked.Count}?", room = room.Code })).Must(201).Id);
            await Task.Delay(30, CancellationToken.None);
        }

        return asked;
    }
}
