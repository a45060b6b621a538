using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>All subscribers are dropped at once, and each comes back at a moment of its own.</summary>
/// <param name="After">Seconds from the window's begin to the drop.</param>
/// <param name="Over">Seconds within which all try to come back.</param>
internal sealed record Storm(double After, double Over);

/// <summary>How the subscribers of one or several processes came back.</summary>
/// <param name="CaughtUp">From the begin of connecting until a subscriber had what there was when it was answered; failed tries included.</param>
/// <param name="Away">Never came back.</param>
/// <param name="NotRecovered">Were told that there is a hole they must fill otherwise.</param>
/// <param name="Failures">Tries that failed, and <paramref name="Why"/> the first did.</param>
internal sealed record Returns(Latencies CaughtUp, int Away, int NotRecovered, int Failures, string? Why)
{
    public static Returns? Of(IReadOnlyCollection<Returns> processes)
    {
        if (processes.Count == 0)
            return null;
        var caughtUp = new Latencies();
        foreach (var one in processes)
            caughtUp.Add(one.CaughtUp.Counted);
        return new Returns(caughtUp, processes.Sum(r => r.Away), processes.Sum(r => r.NotRecovered), processes.Sum(r => r.Failures),
            processes.Select(r => r.Why).FirstOrDefault(why => why is not null));
    }
}
