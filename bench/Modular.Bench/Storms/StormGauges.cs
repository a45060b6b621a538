using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Storms;

/// <summary>What the host and its database have used and done up to one instant.</summary>
internal sealed record StormGauges(long At, long Committed, HostGauges Host, double? Postgres)
{
    public static async Task<StormGauges> ReadAsync(MeasuredHost host, Server beside) => new(
        System.Diagnostics.Stopwatch.GetTimestamp(), await beside.CommittedInAsync(host.Database.Name), await host.Process.GaugesAsync(), beside.ProcessorSeconds());

    public double SecondsSince(StormGauges began) => (At - began.At) / (double)System.Diagnostics.Stopwatch.Frequency;

    public StormPhase Since(StormGauges began)
    {
        var seconds = SecondsSince(began);
        return new StormPhase(
            seconds, (Committed - began.Committed) / seconds, (Host.Processor - began.Host.Processor) / seconds, (Postgres - began.Postgres) / seconds);
    }

    /// <summary>The most transactions a second between two of them that follow each other.</summary>
    public static double Busiest(IReadOnlyList<StormGauges> polled) => polled.Zip(polled.Skip(1), (before, after) => after.Since(before).Transactions).Max();
}
