using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>
/// The browser's own EventSource, without any script of ours to help it. The page it is on is a small one of the server's;
/// a proxy stands for the load balancer, so that the page's origin outlives a replica.
/// </summary>
public sealed class EventSourceTests(Stage stage)
{
    private const string Follow = """
        (streams) => {
          window.seen = [];
          window.opened = 0;
          const source = new EventSource(`/api/notifications/sse?${streams.map((name) => `stream=${encodeURIComponent(name)}`).join('&')}`);
          source.onopen = () => window.opened++;
          for (const kind of ['events', 'resync', 'closed'])
            source.addEventListener(kind, ({ data, lastEventId }) => {
              const { stream, events = [{}] } = JSON.parse(data);
              for (const { seq, type, data } of events) window.seen.push({ kind, stream, seq, type, about: data?.id, id: lastEventId });
            });
        }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_comes_back_by_itself_from_a_replica_that_dies_or_leaves_and_has_every_question_once_and_in_order(bool killed)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var a = await HostProcess.StartAsync(database.ConnectionString, settings: ("Bus__Url", broker.Url));
        await using var b = await HostProcess.StartAsync(database.ConnectionString, settings: ("Bus__Url", broker.Url));
        await using var balancer = new TcpProxy(a.Address.Port);
        using var room = await Room.OpenAsync(b.Address, "Town hall");
        await using var profile = await stage.Browser.NewContextAsync();
        var page = await profile.NewPageAsync();
        var positions = new ConcurrentQueue<string?>();
        page.Request += async (_, request) =>
        {
            if (request.ResourceType == "eventsource")
                positions.Enqueue(await request.HeaderValueAsync("Last-Event-ID"));
        };
        await page.GotoAsync($"http://127.0.0.1:{balancer.Port}/version");
        await FollowAsync(page, room);
        await Eventually.Is(async () => await page.EvaluateAsync<int>("opened") == 1);
        using var enough = new CancellationTokenSource();
        var asking = KeepAskingAsync(b, room, enough.Token);
        await SeesAsync(page, 20);

        balancer.LeadTo(b.Address.Port);
        await (killed ? a.KillAsync() : a.StopAsync());
        await Eventually.Is(async () => await page.EvaluateAsync<int>("opened") == 2, TimeSpan.FromSeconds(20));
        await SeesAsync(page, (await SeenAsync(page)).Length + 20);
        await enough.CancelAsync();
        var asked = await asking;
        await room.CloseAsync();
        await SeesAsync(page, asked.Count + 1);

        var seen = await SeenAsync(page);
        Assert.All(seen, s => Assert.Equal("events", s.Kind));
        Assert.Equal(asked, seen.Where(s => s.Type == "question.asked").Select(s => s.About));
        Assert.Equal(Enumerable.Range(1, asked.Count).Select(n => (long)n), seen.Where(s => s.Stream == $"questions/{room.Id}").Select(s => s.Seq));
        Assert.Equal("room.closed", seen[^1].Type);
        Assert.Equal(2, positions.Count);
        Assert.Null(positions.First());
        Assert.Contains(positions.Last(), seen.Select(s => s.Id));
    }

    /// <summary>It gives up for good on every answer but 200, so a host that leaves, and that a balancer still sends it to, must give none.</summary>
    [Fact]
    public async Task It_comes_back_by_itself_from_a_host_that_was_leaving_when_it_came()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var first = await HostProcess.StartAsync(database.ConnectionString, settings: ("Drain__Grace", "00:00:03"));
        using var room = await Room.OpenAsync(first.Address, "Town hall");
        await using var profile = await stage.Browser.NewContextAsync();
        var page = await profile.NewPageAsync();
        await page.GotoAsync(new Uri(first.Address, "/version").ToString());
        using var probe = first.Somebody();

        first.AskToStop();
        await Eventually.Is(async () => (await probe.Get("/health/ready")).Status == 503);
        await FollowAsync(page, room);
        await first.StoppedAsync();
        await using var second = await HostProcess.StartAsync(database.ConnectionString, first.Address);

        await Eventually.Is(async () => await page.EvaluateAsync<int>("opened") == 1, TimeSpan.FromSeconds(20));
        await room.AskAsync("After?");
        await SeesAsync(page, 1);
    }

    private static async Task FollowAsync(IPage page, Room room) => await page.EvaluateAsync(Follow, new[] { $"questions/{room.Id}", $"rooms/{room.Id}" });

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

    private static Task SeesAsync(IPage page, int events) =>
        Eventually.Is(async () => (await SeenAsync(page)).Length >= events, TimeSpan.FromSeconds(20), $"the page has seen {events} events");

    private static async Task<Seen[]> SeenAsync(IPage page) =>
        JsonSerializer.Deserialize<Seen[]>(await page.EvaluateAsync<string>("JSON.stringify(seen)"), JsonSerializerOptions.Web)!;

    private sealed record Seen(string Kind, string Stream, long Seq, string Type, Guid About, string Id);
}
