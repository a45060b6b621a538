using Modular.Bench.Measuring;

namespace Modular.Bench.Push;

/// <summary>What a person reads: medians with the least and the most beside them, held against the plain way, and what had to hold.</summary>
internal static class PushReport
{
    private const string Heading =
        "| subscribers | questions/s | way | answered/s | not asked | POST p50 ms | delivery p50 ms | p99 | most | p50 to plain | p99 to plain | lost, doubled, out of order of all | orders seen | cut | cores: host | Postgres | generator | all others | host MB | allocated MB/s | gates |";

    public static IEnumerable<string> Lines(IReadOnlyCollection<PushRun> runs)
    {
        var gates = PushGates.Of(runs).ToLookup(gate => (gate.Way, gate.Load));
        return
        [
            Heading,
            $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}",
            .. runs.GroupBy(run => (run.Way, run.Load)).Select(same =>
                $"| {string.Join(" | ", Cells([.. same], [.. runs.Where(r => r.Way == PushWay.Plain && r.Load == same.Key.Load)]))} | {Text([.. gates[same.Key]])} |"),
            .. runs.Select(run => run.Delivery.WhyCut).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).Select(why => $"Cut: {why}"),
        ];
    }

    private static IEnumerable<string> Cells(IReadOnlyList<PushRun> runs, IReadOnlyList<PushRun> plain)
    {
        string Cell(string format, Func<PushRun, double?> of) => Figures.Of(runs.Select(run => of(run) ?? double.NaN)).Text(format);
        string Ratio(Func<PushRun, double> of) => Figures.One(Figures.Of(runs.Select(of)).Median / Figures.Of(plain.Select(of)).Median, "0.00");
        return
        [
            $"{runs[0].Load.Subscribers}", Figures.One(runs[0].Load.Rate, "0"), runs[0].Way, Cell("0", r => r.Rate), Cell("0", r => r.Delivery.Unasked), Cell("0.0", r => r.Post.P50),
            Cell("0.0", r => r.Delivery.Latency.P50), Cell("0.0", r => r.Delivery.Latency.P99), Cell("0", r => r.Delivery.Latency.Max),
            Ratio(r => r.Delivery.Latency.P50), Ratio(r => r.Delivery.Latency.P99),
            $"{runs.Sum(r => r.Delivery.Lost)}, {runs.Sum(r => r.Delivery.Doubled)}, {runs.Sum(r => r.Delivery.Disordered)} of {runs.Sum(r => r.Delivery.Arrived + r.Delivery.Lost)}",
            $"{runs.Max(r => r.Delivery.Orders)}", $"{runs.Sum(r => r.Delivery.Cut)}",
            Cell("0.00", r => r.Host / r.Seconds), Cell("0.00", r => r.Postgres / r.Seconds), Cell("0.00", r => r.Generator / r.Seconds), Cell("0.00", r => r.Others / r.Seconds),
            Cell("0", r => r.Memory), Cell("0.0", r => r.Allocated / r.Seconds),
        ];
    }

    private static string Text(IReadOnlyCollection<PushGate> gates) =>
        gates.Count == 0 ? "" : gates.All(g => g.Holds) ? "pass" : $"MISSED: {string.Join(", ", gates.Where(g => !g.Holds).Select(g => g.Sentence))}";
}
