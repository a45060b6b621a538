using Modular.Bench.Measuring;

namespace Modular.Bench.SignIns;

/// <summary>What a person reads: medians with the least and the most beside them, and deliveries held against those while nobody signs in.</summary>
internal static class SignInReport
{
    private const string Heading =
        "| sockets | questions/s | passwords at once | sign-ins/s | p50 ms | p99 | told to come back | POST p50 ms | p99 | delivery p50 ms | p99 | most | p50 to none | p99 to none | lost, doubled, out of order of all | orders seen | host cores |";

    public static IEnumerable<string> Lines(IReadOnlyCollection<SignInRun> runs) =>
    [
        Heading,
        $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}",
        .. runs.GroupBy(run => run.AtOnce).Select(same => $"| {string.Join(" | ", Cells([.. same], [.. runs.Where(r => r.AtOnce == 0)]))} |"),
        .. runs.Select(run => run.Delivery.WhyCut).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).Select(why => $"Cut: {why}"),
    ];

    private static IEnumerable<string> Cells(IReadOnlyList<SignInRun> runs, IReadOnlyList<SignInRun> quiet)
    {
        string Cell(string format, Func<SignInRun, double> of) => Figures.Of(runs.Select(of)).Text(format);
        string Ratio(Func<SignInRun, double> of) => Figures.One(Figures.Of(runs.Select(of)).Median / Figures.Of(quiet.Select(of)).Median, "0.00");
        return
        [
            $"{runs[0].Sockets}", Figures.One(runs[0].Rate, "0"), runs[0].AtOnce == 0 ? "none" : $"{runs[0].AtOnce}",
            Cell("0.0", r => r.SignIns.Rate), Cell("0", r => r.SignIns.Latency.P50), Cell("0", r => r.SignIns.Latency.P99), $"{runs.Sum(r => r.SignIns.Busy)}",
            Cell("0.0", r => r.Post.P50), Cell("0.0", r => r.Post.P99), Cell("0.0", r => r.Delivery.Latency.P50), Cell("0.0", r => r.Delivery.Latency.P99),
            Cell("0", r => r.Delivery.Latency.Max), Ratio(r => r.Delivery.Latency.P50), Ratio(r => r.Delivery.Latency.P99),
            $"{runs.Sum(r => r.Delivery.Lost)}, {runs.Sum(r => r.Delivery.Doubled)}, {runs.Sum(r => r.Delivery.Disordered)} of {runs.Sum(r => r.Delivery.Arrived + r.Delivery.Lost)}",
            $"{runs.Max(r => r.Delivery.Orders)}", Cell("0.00", r => r.Host),
        ];
    }
}
