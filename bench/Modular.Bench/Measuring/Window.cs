using System.Diagnostics;

namespace Modular.Bench.Measuring;

/// <summary>
/// Stopwatch timestamps between which requests count; before it everything gets into its stride. All processes of a machine read
/// the same clock.
/// </summary>
internal sealed record Window(long Begin, long End)
{
    /// <summary>Nobody measures so shortly; a smoke run, whose counts must be there however busy the machine is.</summary>
    private const double Smoke = 2;

    public static Window After(double ramp, double seconds)
    {
        var begin = Stopwatch.GetTimestamp() + (long)(ramp * Stopwatch.Frequency);
        return new Window(begin, begin + (long)(seconds * Stopwatch.Frequency));
    }

    public double Seconds => (End - Begin) / (double)Stopwatch.Frequency;

    public bool IsOver(long now) => now >= End;

    /// <summary>So long that whoever is late by then has fallen behind, and was not just woken late.</summary>
    public bool IsWellOver(long now) => now >= End + (long)((Seconds < Smoke ? 30 : 0.25) * Stopwatch.Frequency);

    public Task BeganAsync() => DelayUntilAsync(Begin);

    public Task EndedAsync() => DelayUntilAsync(End);

    /// <summary>Until so many seconds of it are over.</summary>
    public Task IntoAsync(double seconds) => DelayUntilAsync(Begin + (long)(seconds * Stopwatch.Frequency));

    private static Task DelayUntilAsync(long timestamp)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }
}
