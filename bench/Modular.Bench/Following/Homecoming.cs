using System.Diagnostics;
using System.Net.Sockets;
using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>One subscriber's way back: it tries again where it fails, as clients do, but not for ever.</summary>
internal sealed class Homecoming(Latencies caughtUp)
{
    private const int MostTries = 5;

    /// <summary>For one try; so long is nobody's patience, but a try must end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private int away;
    private int failures;
    private string? why;

    public async Task ReturnAsync(Follower follower, double within)
    {
        await Task.Delay(TimeSpan.FromSeconds(Random.Shared.NextDouble() * within));
        var began = Stopwatch.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                await follower.OpenAsync().WaitAsync(Patience);
                await follower.CaughtUpAsync().WaitAsync(Patience);
                caughtUp.Add(Stopwatch.GetTimestamp() - began);
                return;
            }
            catch (Exception e) when (e is SocketException or HostClosedException or TimeoutException)
            {
                Interlocked.Increment(ref failures);
                why ??= e.Message;
                await follower.DropAsync();
            }

            if (tries == MostTries)
            {
                Interlocked.Increment(ref away);
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.5 + Random.Shared.NextDouble()));
        }
    }

    public Returns Returns(int notRecovered) => new(caughtUp, away, notRecovered, failures, why);
}
