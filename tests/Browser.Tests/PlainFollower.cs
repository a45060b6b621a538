using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>A page with the browser's own EventSource, without any script of ours to help it; it is a small one of the server's.</summary>
internal sealed class PlainFollower
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

    private readonly IPage page;
    private readonly ConcurrentQueue<string?> positions = new();

    private PlainFollower(IPage page) => this.page = page;

    /// <summary>What each connection said it had seen; the first one nothing.</summary>
    public IReadOnlyList<string?> Positions => [.. positions];

    public static async Task<PlainFollower> AtAsync(IBrowserContext profile, Uri server)
    {
        var follower = new PlainFollower(await profile.NewPageAsync());
        follower.page.Request += async (_, request) =>
        {
            if (request.ResourceType == "eventsource")
                follower.positions.Enqueue(await request.HeaderValueAsync("Last-Event-ID"));
        };
        await follower.page.GotoAsync(new Uri(server, "/version").ToString());
        return follower;
    }

    public async Task FollowAsync(Room room) => await page.EvaluateAsync(Follow, new[] { $"questions/{room.Id}", $"rooms/{room.Id}" });

    /// <summary>Waits until it has connected so often.</summary>
    public Task ConnectsAsync(int times) => Eventually.Is(
        async () => await page.EvaluateAsync<int>("opened") == times, TimeSpan.FromSeconds(40), $"the page has connected {times} times");

    public Task SeesAsync(int events) =>
        Eventually.Is(async () => await page.EvaluateAsync<int>("seen.length") >= events, TimeSpan.FromSeconds(40), $"the page has seen {events} events");

    public async Task<Seen[]> SeenAsync() =>
        JsonSerializer.Deserialize<Seen[]>(await page.EvaluateAsync<string>("JSON.stringify(seen)"), JsonSerializerOptions.Web)!;

    internal sealed record Seen(string Kind, string Stream, long Seq, string Type, Guid About, string Id);
}
