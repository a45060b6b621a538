using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>The subscribers of one process.</summary>
internal sealed class Followers : IAsyncDisposable
{
    /// <summary>How many connect at the same time: fewer than a host lets wait at its door.</summary>
    private const int AtOnce = 64;

    /// <summary>Each says something every ten seconds, as clients do; never all at the same moment.</summary>
    private const int Slots = 100;

    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(100);

    private readonly Latencies latencies = new();
    private readonly Follower[] all;
    private Timer? pings;

    private Followers(Audience? audience, int measurement, int askers) =>
        all = audience is null ? [] :
            [.. Enumerable.Range(audience.First, audience.Size).Select(n => Follower.Of(audience, n, new Arrivals(measurement, askers, latencies)))];

    public bool HasAny => all.Length > 0;

    public static async Task<Followers> OpenAsync(Audience? audience, int measurement, int askers)
    {
        FileHandles.Require(audience?.Size ?? 0);
        var followers = new Followers(audience, measurement, askers);
        await Parallel.ForEachAsync(followers.all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (f, _) => new ValueTask(f.OpenAsync()));
        var tick = 0;
        followers.pings = new Timer(_ => followers.Ping(tick++ % Slots), null, Slot, Slot);
        return followers;
    }

    public void Count(Window window) => Array.ForEach(all, f => f.Arrivals.Window = window);

    public async Task<Returns> StormAsync(Storm storm, Window window)
    {
        await window.IntoAsync(storm.After);
        await Task.WhenAll(all.Select(f => f.DropAsync()));
        var home = new Homecoming(new Latencies());
        await Task.WhenAll(all.Select(f => home.ReturnAsync(f, storm.Over)));
        return home.Returns(all.Count(f => f.HasHole));
    }

    /// <param name="asked">How many questions each asker has asked.</param>
    public bool HaveAll(IReadOnlyList<long> asked) => Array.TrueForAll(all, f => f.Arrivals.Lost(asked) <= 0);

    public async Task<Received> EndAsync(IReadOnlyList<long> asked)
    {
        await DisposeAsync();
        var arrivals = Array.ConvertAll(all, f => f.Arrivals);
        return new Received(
            all.Length, latencies, arrivals.Sum(a => a.Distinct), arrivals.Sum(a => a.Lost(asked)), arrivals.Sum(a => a.Doubled), arrivals.Sum(a => a.Disordered),
            [.. arrivals.Select(a => a.Sequence)], [.. all.Select(f => f.Cut).OfType<string>()]);
    }

    public async ValueTask DisposeAsync()
    {
        if (pings is not null)
            await pings.DisposeAsync();
        await Task.WhenAll(all.Select(f => f.DropAsync()));
    }

    private void Ping(int slot)
    {
        for (var n = slot; n < all.Length; n += Slots)
            _ = all[n].PingAsync();      // where it fails, the follower finds the connection ended
    }
}
