using System.Diagnostics;

namespace Modular.Cluster.Tests;

internal static class Timing
{
    /// <summary>Where several timers of the product follow each other after a fault; only a failure takes this long.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(120);

    /// <summary>Waits for a fact and writes how long that took: with a fault the figure is worth as much as the verdict.</summary>
    public static async Task TookAsync(this ITestOutputHelper output, string what, Task fact)
    {
        var began = Stopwatch.GetTimestamp();
        await fact;
        output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }
}
