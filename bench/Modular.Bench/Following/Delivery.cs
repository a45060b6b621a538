using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>What the subscribers of one process received.</summary>
/// <param name="Sequences">The different ones among them; see <see cref="Arrivals.Sequence"/>.</param>
/// <param name="Cut">Why the host ended connections, a sentence for each that it ended.</param>
internal sealed record Received(
    int Subscribers, Latencies Latencies, long Arrived, long Lost, long Doubled, long Disordered, HashSet<ulong> Sequences, IReadOnlyList<string> Cut);

/// <summary>What all subscribers together received of what was asked, ramp and tail included; each event counts once a subscriber.</summary>
/// <param name="Latency">
/// From the instant a question fell due to its arrival at a subscriber; what was never asked counts as arrived at the end, which is too early.
/// </param>
/// <param name="Unasked">Questions that fell due and were never asked, because the host had fallen behind.</param>
/// <param name="Orders">How many different sequences they saw: 1 if all saw the same events in the same order.</param>
/// <param name="Cut">Connections that the host ended.</param>
internal sealed record Delivery(Spread Latency, long Arrived, long Lost, long Doubled, long Disordered, int Unasked, int Orders, int Cut, string? WhyCut)
{
    public static Delivery? Of(IReadOnlyCollection<Received> processes, Latencies unasked)
    {
        if (processes.Count == 0)
            return null;
        var latencies = new Latencies();
        foreach (var received in processes)
            latencies.Add(received.Latencies.Counted);
        var subscribers = processes.Sum(r => r.Subscribers);
        latencies.Add(unasked.Counted.ToDictionary(c => c.Key, c => c.Value * subscribers));
        return new Delivery(
            latencies.Spread(), processes.Sum(r => r.Arrived), processes.Sum(r => r.Lost), processes.Sum(r => r.Doubled), processes.Sum(r => r.Disordered),
            unasked.Spread().Count, processes.SelectMany(r => r.Sequences).Distinct().Count(), processes.Sum(r => r.Cut.Count), processes.SelectMany(r => r.Cut).FirstOrDefault());
    }
}
