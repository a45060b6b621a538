using Modular.Bench.Measuring;

namespace Modular.Bench.EventPath;

/// <summary>What a person reads: medians with the least and the most beside them, and what they come to.</summary>
internal static class PathReport
{
    private const string Heading =
        "| measured | asked | replicas | subscribers | way | POST/s | POST p50 ms | p99 | delivery p50 ms | p99 | lost, doubled, out of order of all | messages/s | events a message | sessions a commit | cores: asked | other | Postgres | broker | generator | all others | MB: asked | other |";

    public static IEnumerable<string> Lines(IReadOnlyCollection<PathRun> runs)
    {
        var measured = runs.GroupBy(run => (run.Load, run.Who)).ToList();
        return
        [
            Heading,
            $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}",
            .. measured.Select(same => $"| {string.Join(" | ", Cells(same.Key.Load, same.Key.Who, [.. same]))} |"),
            .. runs.GroupBy(run => run.Load).SelectMany(same => Sentences(same.Key, [.. same])),
        ];
    }

    private static IEnumerable<string> Cells(Load load, Contestant who, IReadOnlyList<PathRun> runs)
    {
        string Cell(string format, Func<PathRun, double?> of) => Figures.Of(runs.Select(run => of(run) ?? double.NaN)).Text(format);
        return
        [
            load.Name, load.Rate is { } rate ? $"{Figures.One(rate, "0")}/s" : $"{load.Callers} callers", $"{who.Replicas}", $"{load.Subscribers}", who.Way,
            Cell("0", r => r.Rate), Cell("0.00", r => r.Post.P50), Cell("0.0", r => r.Post.P99),
            Cell("0.00", r => r.Delivery?.Latency.P50), Cell("0.0", r => r.Delivery?.Latency.P99), Count(runs),
            Cell("0", r => who.Way is Ways.Plain ? r.Rate : r.Messages / r.Seconds), Cell("0.0", r => who.Way is Ways.Plain ? 1 : r.EventsAMessage),
            Cell("0.0", r => who.Way is Ways.Plain ? 1 : r.SessionsACommit),
            Cell("0.00", r => r.Hosts[0] / r.Seconds), Cell("0.00", r => r.Hosts.Count == 1 ? null : r.Hosts[1] / r.Seconds),
            Cell("0.00", r => r.Postgres / r.Seconds), Cell("0.00", r => r.Broker / r.Seconds), Cell("0.00", r => r.Generator / r.Seconds),
            Cell("0.00", r => r.Others / r.Seconds), Cell("0", r => r.Memory[0]), Cell("0", r => r.Memory.Count == 1 ? null : r.Memory[1]),
        ];
    }

    /// <summary>Exact, over all rounds.</summary>
    private static string Count(IReadOnlyList<PathRun> runs) => runs[0].Delivery is null ? ""
        : $"{runs.Sum(r => r.Delivery!.Lost)}, {runs.Sum(r => r.Delivery!.Doubled)}, {runs.Sum(r => r.Delivery!.Disordered)} of {runs.Sum(r => r.Delivery!.Arrived + r.Delivery.Lost)}";

    private static IEnumerable<string> Sentences(Load load, IReadOnlyList<PathRun> runs)
    {
        double Median(Contestant who, Func<PathRun, double?> of) => Figures.Of(runs.Where(r => r.Who == who).Select(r => of(r) ?? double.NaN)).Median;
        string Against(string what, string unit, Contestant one, Contestant other, Func<PathRun, double?> of) =>
            $"{what}: {Figures.One(Median(one, of), "0.##")} {unit} {Name(one)}, {Figures.One(Median(other, of), "0.##")} {unit} {Name(other)}, ratio {Figures.One(Median(one, of) / Median(other, of), "0.00")}";
        var product = new Contestant(Ways.Product, 2);
        var other = runs.Select(r => r.Who).FirstOrDefault(who => who != product);
        if (other is null || runs.All(r => r.Who != product))
            yield break;
        if (load.Name is PathBench.Delivery)
        {
            yield return Against("POST to delivery on the other replica, p50", "ms", product, other, r => r.Delivery?.Latency.P50);
            yield return Against("POST to delivery on the other replica, p99", "ms", product, other, r => r.Delivery?.Latency.P99);
        }
        else if (load.Name is PathBench.Throughput)
        {
            yield return Against($"POST/s of {load.Callers} callers", "/s", product, other, r => r.Rate);
        }
        else
        {
            yield return Against($"POST p50 at {Figures.One(load.Rate ?? 0, "0")}/s", "ms", product, other, r => r.Post.P50);
        }
    }

    private static string Name(Contestant who) => who.Way is Ways.Plain ? "the plain way" : who.Replicas == 1 ? "alone" : "with two replicas";
}
