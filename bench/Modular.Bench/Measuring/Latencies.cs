using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Modular.Bench.Measuring;

/// <summary>Times of one caller's requests, and what many callers' come to.</summary>
internal sealed class Latencies
{
    private readonly List<long> ticks = new(4096);

    /// <summary>Counts a request that ended at <paramref name="ended"/>, if it did so within the measured time.</summary>
    public void Add(long began, long ended, Window measured)
    {
        if (ended >= measured.Begin && ended < measured.End)
            ticks.Add(ended - began);
    }

    /// <summary>Counts what fell due at <paramref name="due"/> within the measured time, whenever it ended: a host that falls behind must not look fast.</summary>
    public void AddDue(long due, long ended, Window measured)
    {
        if (due >= measured.Begin && due < measured.End)
            ticks.Add(ended - due);
    }

    /// <summary>Milliseconds at the percentiles, and how many there were.</summary>
    public static Spread Of(IEnumerable<Latencies> callers)
    {
        var all = callers.SelectMany(c => c.ticks).ToArray();
        Array.Sort(all);
        return new Spread(all.Length, At(all, 0.50), At(all, 0.99), At(all, 1));
    }

    private static double At(long[] sorted, double part) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))] * 1000.0 / Stopwatch.Frequency;
}

/// <summary>Milliseconds; no numbers where there was nothing to count.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed record Spread(int Count, double P50, double P99, double Max);

/// <summary>Stopwatch timestamps between which requests count; before it everything gets into its stride.</summary>
internal sealed record Window(long Begin, long End)
{
    public static Window After(double ramp, double seconds)
    {
        var begin = Stopwatch.GetTimestamp() + (long)(ramp * Stopwatch.Frequency);
        return new Window(begin, begin + (long)(seconds * Stopwatch.Frequency));
    }

    public double Seconds => (End - Begin) / (double)Stopwatch.Frequency;

    public bool IsOver(long now) => now >= End;

    public Task BeganAsync() => DelayUntilAsync(Begin);

    public Task EndedAsync() => DelayUntilAsync(End);

    private static Task DelayUntilAsync(long timestamp)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }
}
