using Modular.Testing;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>Somebody of every bad habit in every protocol, on the lobby's questions.</summary>
internal sealed class BadCrowd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly (string Name, Func<Wire> Open)[] Protocols =
        [("hub", () => new HubWire()), ("plain socket", () => new PlainWire()), ("server-sent events", () => new SseWire())];

    private readonly CancellationTokenSource enough = new();
    private readonly Task behaving;

    /// <param name="posted">How many questions there are by now.</param>
    /// <param name="forget">Lets the log forget; answers when it no longer reaches back to a number.</param>
    public BadCrowd(Uri host, Func<long> posted, Func<long, Task> forget)
    {
        UglyClient[] Of(string habit) => [.. Protocols.Select(p => new UglyClient($"{habit}, {p.Name}", p.Open, host, Lobby.Stream))];
        (Silent, Slow, Shaky, Away, Gone) = (Of("reads nothing"), Of("reads 1 KB/s"), Of("drops"), Of("away longer than the ring"), Of("away longer than the log"));
        behaving = Task.WhenAll([
            .. Silent.Select(c => c.ReadNothingAsync(enough.Token)),
            .. Slow.Select(c => c.ReadSlowlyAsync(enough.Token)),
            .. Shaky.Select(c => c.DropAgainAndAgainAsync(enough.Token)),
            .. Away.Select(c => c.StayAwayAsync(() => Eventually.Is(() => posted() > c.Last + 500, Patience), enough.Token)),
            .. Gone.Select(c => c.StayAwayAsync(() => forget(c.Last), enough.Token))]);
    }

    public UglyClient[] Silent { get; }

    public UglyClient[] Slow { get; }

    public UglyClient[] Shaky { get; }

    public UglyClient[] Away { get; }

    public UglyClient[] Gone { get; }

    public UglyClient[] Everybody => [.. Silent, .. Slow, .. Shaky, .. Away, .. Gone];

    /// <summary>Each habit has had its effect on whom it is seen; who reads nothing does not know what became of it.</summary>
    public bool HasShownItself =>
        Slow.All(c => c.Cut > 0) && Shaky.All(c => c.Visits > 4) && Away.All(c => c.Visits > 1) && Gone.All(c => c.Told == 1);

    /// <summary>They come to their senses, and each reads to <paramref name="head"/>.</summary>
    public async Task EndAsync(long head)
    {
        await enough.CancelAsync();
        await behaving.WaitAsync(Patience);
        using var limit = new CancellationTokenSource(Patience);
        await Task.WhenAll(Everybody.Select(c => c.ReadToAsync(head, limit.Token)));
    }

    public void Dispose()
    {
        enough.Dispose();
        foreach (var client in Everybody)
            client.Dispose();
    }
}
