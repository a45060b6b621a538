using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Modular.Testing;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>A well-behaved follower, who must never be cut. It keeps of each event its number and how old it was when it came.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<(long Seq, TimeSpan Age)> heard = [];
    private readonly HubClient hub;

    private Listener(HubClient hub)
    {
        this.hub = hub;
        hub.Connection.On<string, JsonElement[]>("events", (_, came) => Hear(came));
    }

    public IReadOnlyList<(long Seq, TimeSpan Age)> Heard
    {
        get
        {
            lock (gate)
                return [.. heard];
        }
    }

    public long Last
    {
        get
        {
            lock (gate)
                return heard is [.., var last] ? last.Seq : 0;
        }
    }

    public bool WasCut => hub.Closed.IsCompleted;

    /// <summary>Subscribed to a stream in which nothing has happened yet.</summary>
    public static async Task<Listener> OfAsync(Uri host, string stream)
    {
        var listener = new Listener(await HubClient.ConnectAsync(host, record: false));
        (await listener.hub.SubscribeAsync(stream)).Head.ShouldBe(0);
        return listener;
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    /// <summary>Host, database and test share the machine's clock.</summary>
    private void Hear(JsonElement[] came)
    {
        var now = DateTimeOffset.UtcNow;
        lock (gate)
            heard.AddRange(came.Select(e => (e.GetProperty("seq").GetInt64(), now - e.GetProperty("at").GetDateTimeOffset())));
    }
}

/// <summary>All who behave.</summary>
internal sealed class Audience : IAsyncDisposable
{
    private readonly Listener[] all;

    private Audience(Listener[] all) => this.all = all;

    public static async Task<Audience> GatherAsync(Uri host, int count) =>
        new(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Listener.OfAsync(host, Lobby.Stream))));

    /// <summary>Each has heard everything up to <paramref name="head"/>, once and in order, and was never cut.</summary>
    public async Task HasHeardAsync(long head)
    {
        await Eventually.Is(() => all.All(l => l.Last >= head), what: $"all have heard {head}");
        foreach (var listener in all)
        {
            listener.Heard.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, (int)head).Select(n => (long)n));
            listener.WasCut.ShouldBeFalse();
        }
    }

    /// <summary>How old events were when they came, from the youngest to the oldest.</summary>
    public IReadOnlyList<TimeSpan> Ages(long after, long to) => [.. all.SelectMany(l => l.Heard).Where(e => e.Seq > after && e.Seq <= to).Select(e => e.Age).Order()];

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in all)
            await listener.DisposeAsync();
    }
}
