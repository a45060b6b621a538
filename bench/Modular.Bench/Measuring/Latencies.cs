using System.Diagnostics;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Modular.Bench.Measuring;

/// <summary>
/// Times of many requests or deliveries, counted by length: exact to a thousandth, never more memory however many there are, and
/// what several processes counted adds up without loss. Any thread may add.
/// </summary>
internal sealed class Latencies
{
    /// <summary>A length is kept to its eleven leading bits.</summary>
    private const int Bits = 10;

    private readonly long[] counts = new long[(64 - Bits) << Bits];

    public Latencies()
    {
    }

    [JsonConstructor]
    public Latencies(Dictionary<int, long> counted) => Add(counted);

    /// <summary>How many there are of each length that occurred, for other processes.</summary>
    public Dictionary<int, long> Counted =>
        counts.Index().Where(c => c.Item > 0).ToDictionary(c => c.Index, c => c.Item);

    /// <summary>Counts a request that ended at <paramref name="ended"/>, if it did so within the measured time.</summary>
    public void Add(long began, long ended, Window measured)
    {
        if (ended >= measured.Begin && ended < measured.End)
            Add(ended - began);
    }

    /// <summary>Counts what fell due at <paramref name="due"/> within the measured time, whenever it ended: a host that falls behind must not look fast.</summary>
    public void AddDue(long due, long ended, Window measured)
    {
        if (due >= measured.Begin && due < measured.End)
            Add(ended - due);
    }

    /// <param name="ticks">Of the stopwatch.</param>
    public void Add(long ticks) => Interlocked.Increment(ref counts[Place(Math.Max(0, ticks))]);

    public void Add(Dictionary<int, long> counted)
    {
        foreach (var (place, count) in counted)
            Interlocked.Add(ref counts[place], count);
    }

    public Spread Spread()
    {
        var count = counts.Sum();
        return new Spread((int)count, At(count, 0.50), At(count, 0.99), At(count, 1));
    }

    private static int Place(long ticks)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - Bits);
        return (shift << Bits) + (int)(ticks >> shift);
    }

    private static long Ticks(int place)
    {
        var shift = Math.Max(0, (place >> Bits) - 1);
        return (long)(place - (shift << Bits)) << shift;
    }

    private double At(long count, double part)
    {
        var left = Math.Min(count - 1, (long)(count * part));
        if (left < 0)
            return double.NaN;
        var place = -1;
        while (left >= 0)
            left -= counts[++place];
        return Ticks(place) * 1000.0 / Stopwatch.Frequency;
    }
}

/// <summary>Milliseconds; no numbers where there was nothing to count.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed record Spread(int Count, double P50, double P99, double Max);
