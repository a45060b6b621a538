using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>What the generator is to do; it reads this as JSON from its input.</summary>
/// <param name="Callers">Connections, each with one request in flight.</param>
/// <param name="Rate">Requests a second, whether or not earlier ones are answered; null: each connection asks again once it is answered.</param>
/// <param name="Audience">Who follows meanwhile; null: nobody.</param>
internal sealed record LoadPlan(
    string Host, int Port, int Callers, double Ramp, double Seconds, Crowd Crowd, double? Rate = null, Audience? Audience = null);

/// <summary>What it saw.</summary>
/// <param name="Rate">Answers a second within the window.</param>
/// <param name="Answers">How many answers had each status, ramp and tail included.</param>
/// <param name="Oddity">The first answer that was not 201, as it came.</param>
/// <param name="Processor">Seconds of its own within the window.</param>
/// <param name="Delivery">What the audience received; null where there was none.</param>
internal sealed record LoadResult(Spread Latency, double Seconds, double Rate, Dictionary<int, long> Answers, string? Oddity, double Processor, Delivery? Delivery)
{
    /// <exception cref="InvalidOperationException">What was answered and what is stored differ, or something was refused: the measurement says nothing.</exception>
    public void MustHaveStored(long questions)
    {
        if (Oddity is { } oddity)
            throw new InvalidOperationException($"Not every answer was 201: {string.Join(", ", Answers.Select(a => $"{a.Key}: {a.Value}"))}; the first was\n{oddity}");
        if (Answers.GetValueOrDefault(201) is var answered && questions != answered)
            throw new InvalidOperationException($"{answered} questions were answered 201, the table has {questions} more.");
    }
}

/// <summary>What all subscribers together received of what was asked, ramp and tail included; each event counts once a subscriber.</summary>
/// <param name="Latency">From the instant a question fell due to its arrival at a subscriber.</param>
internal sealed record Delivery(Spread Latency, long Arrived, long Lost, long Doubled, long Disordered)
{
    public static Delivery? Of(IReadOnlyCollection<Arrivals> all, IReadOnlyList<long> asked) => all.Count == 0 ? null : new(
        Latencies.Of(all.Select(a => a.Latencies)), all.Sum(a => a.Distinct), all.Sum(a => a.Lost(asked)), all.Sum(a => a.Doubled), all.Sum(a => a.Disordered));
}
