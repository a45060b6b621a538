using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Modular.Testing;

/// <summary>Waits for a fact, never for a second; a failure says what never happened.</summary>
public static class Eventually
{
    /// <summary>Where nothing is promised about the time: only a failure takes this long, however much else the machine has to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="pause">Between two looks, where one is dear.</param>
    public static async Task<T> Returns<T>(string what, Func<Task<T?>> probe, TimeSpan? within = null, TimeSpan? pause = null) where T : class
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            // Looked at once more when the time is over: a machine may have done anything else since the last look.
            var over = Stopwatch.GetElapsedTime(began) >= (within ?? Patience);
            if (await probe() is { } found)
                return found;
            if (over)
                throw new TimeoutException($"Never happened: {what}");
            await Task.Delay(pause ?? Pause, CancellationToken.None);
        }
    }

    /// <summary>Whether it is so and stays so for 200 ms: for what goes by by itself unless something holds it.</summary>
    public static async Task<bool> IsStill(Func<bool> fact)
    {
        for (var looks = 0; looks < 10; looks++)
        {
            if (!fact())
                return false;
            await Task.Delay(20, CancellationToken.None);
        }

        return true;
    }

    public static Task Is(Func<Task<bool>> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "", TimeSpan? pause = null) =>
        Returns(what, async () => await fact() ? "" : null, within, pause);

    public static Task Is(Func<bool> fact, TimeSpan? within = null, [CallerArgumentExpression(nameof(fact))] string what = "", TimeSpan? pause = null) =>
        Returns(what, () => Task.FromResult(fact() ? "" : null), within, pause);
}
