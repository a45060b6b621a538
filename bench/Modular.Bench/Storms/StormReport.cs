using Modular.Bench.Measuring;

namespace Modular.Bench.Storms;

/// <summary>What a person reads.</summary>
internal static class StormReport
{
    private const string Heading =
        "| sockets | back within s | caught up p50 ms | p99 | most | failed tries | never back | with a hole | lost, doubled, out of order of all | orders seen | transactions/s before | during | busiest second | ratio | host cores before | during | Postgres before | during | host MB before | after | gates |";

    public static IEnumerable<string> Lines(IReadOnlyList<StormRun> runs)
    {
        string[] missed = [.. Missed(runs)];
        return
        [
            Heading,
            $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}",
            $"| {string.Join(" | ", Cells(runs))} | {(missed is [] ? "pass" : $"MISSED: {string.Join(", ", missed)}")} |",
            .. runs.Select(run => run.WhyFailed ?? run.Delivery.WhyCut).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).Select(why => $"Failed: {why}"),
        ];
    }

    public static IEnumerable<string> Missed(IReadOnlyList<StormRun> runs)
    {
        if (runs.Any(r => r is not { Away: 0, NotRecovered: 0, Delivery: { Lost: 0, Doubled: 0, Disordered: 0, Orders: 1 } }))
            yield return "all back with each event once, in one order";
        if (!(Figures.Of(runs.Select(r => r.CaughtUp.P99)).Median < 5000))
            yield return "p99 < 5 s";
        if (!(Figures.Of(runs.Select(Ratio)).Median < 2))
            yield return "transactions < 2 times normal";
    }

    private static double Ratio(StormRun run) => run.Returning.Transactions / run.Normal.Transactions;

    private static IEnumerable<string> Cells(IReadOnlyList<StormRun> runs)
    {
        string Cell(string format, Func<StormRun, double?> of) => Figures.Of(runs.Select(run => of(run) ?? double.NaN)).Text(format);
        return
        [
            $"{runs[0].Sockets}", Figures.One(runs[0].Over, "0.#"), Cell("0", r => r.CaughtUp.P50), Cell("0", r => r.CaughtUp.P99), Cell("0", r => r.CaughtUp.Max),
            $"{runs.Sum(r => r.Failures)}", $"{runs.Sum(r => r.Away)}", $"{runs.Sum(r => r.NotRecovered)}",
            $"{runs.Sum(r => r.Delivery.Lost)}, {runs.Sum(r => r.Delivery.Doubled)}, {runs.Sum(r => r.Delivery.Disordered)} of {runs.Sum(r => r.Delivery.Arrived + r.Delivery.Lost)}",
            $"{runs.Max(r => r.Delivery.Orders)}", Cell("0.0", r => r.Normal.Transactions), Cell("0.0", r => r.Returning.Transactions), Cell("0.0", r => r.Busiest), Cell("0.00", r => Ratio(r)),
            Cell("0.00", r => r.Normal.Host), Cell("0.00", r => r.Returning.Host), Cell("0.00", r => r.Normal.Postgres), Cell("0.00", r => r.Returning.Postgres),
            Cell("0", r => r.MemoryBefore), Cell("0", r => r.MemoryAfter),
        ];
    }
}
