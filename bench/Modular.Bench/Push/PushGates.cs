using Modular.Bench.Measuring;

namespace Modular.Bench.Push;

/// <summary>What must hold for a way of the product at one load, by the medians of its rounds.</summary>
internal sealed record PushGate(string Way, PushLoad Load, string Sentence, bool Holds);

internal static class PushGates
{
    private const int Subscribers = 1000;

    public static IEnumerable<PushGate> Of(IReadOnlyCollection<PushRun> runs) =>
        from same in runs.GroupBy(run => (run.Way, run.Load))
        where same.Key.Way != PushWay.Plain
        let plain = runs.Where(run => run.Way == PushWay.Plain && run.Load == same.Key.Load).ToList()
        from gate in Of([.. same], plain)
        select new PushGate(same.Key.Way, same.Key.Load, gate.Sentence, gate.Holds);

    private static IEnumerable<(string Sentence, bool Holds)> Of(List<PushRun> runs, List<PushRun> plain)
    {
        double P50(List<PushRun> of) => Figures.Of(of.Select(r => r.Delivery.Latency.P50)).Median;
        double P99(List<PushRun> of) => Figures.Of(of.Select(r => r.Delivery.Latency.P99)).Median;
        yield return ("all asked", runs.TrueForAll(r => r.Delivery.Unasked == 0));
        yield return ("each once, in one order", runs.TrueForAll(r => r.Delivery is { Lost: 0, Doubled: 0, Disordered: 0, Orders: 1, Cut: 0 }));
        if (runs[0].Load.Subscribers != Subscribers)
            yield break;
        switch (runs[0].Load.Rate)
        {
            case 50 when plain.Count > 0:
                yield return ("p50 <= plain", P50(runs) <= P50(plain));
                yield return ("p99 <= plain", P99(runs) <= P99(plain));
                break;
            case 200:
                yield return ("p50 <= 30 ms", P50(runs) <= 30);
                break;
            case 500:
                yield return ("p50 <= 60 ms", P50(runs) <= 60);
                yield return ("p99 <= 200 ms", P99(runs) <= 200);
                break;
        }
    }
}
