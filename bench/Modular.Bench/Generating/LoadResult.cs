using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.Generating;

/// <summary>What one generator process saw.</summary>
/// <param name="Unasked">Of <paramref name="Latencies"/>, what fell due and was never asked: the host had fallen behind.</param>
/// <param name="AnsweredInTime">Answers within the window.</param>
/// <param name="Received">By its part of the audience; null where it has none.</param>
/// <param name="Returns">Of them after a storm; null where there was none.</param>
internal sealed record GeneratorResult(
    Latencies Latencies, Latencies Unasked, long AnsweredInTime, Dictionary<int, long> Answers, string? Oddity, double Processor, Received? Received, Returns? Returns);

/// <summary>What all of them saw.</summary>
/// <param name="Rate">Answers a second within the window.</param>
/// <param name="Answers">How many answers had each status, ramp and tail included.</param>
/// <param name="Oddity">The first answer that was not 201, as it came.</param>
/// <param name="Processor">Seconds of the generator's own within the window.</param>
/// <param name="Delivery">What the audience received; null where there was none.</param>
/// <param name="Returns">How it came back after a storm; null where there was none.</param>
internal sealed record LoadResult(
    Spread Latency, double Seconds, double Rate, Dictionary<int, long> Answers, string? Oddity, double Processor, Delivery? Delivery, Returns? Returns = null)
{
    public static LoadResult Of(IReadOnlyList<GeneratorResult> processes, Window window)
    {
        var asking = processes[0];
        return new LoadResult(
            asking.Latencies.Spread(), window.Seconds, asking.AnsweredInTime / window.Seconds, asking.Answers, asking.Oddity, processes.Sum(p => p.Processor),
            Delivery.Of([.. processes.Select(p => p.Received).OfType<Received>()], asking.Unasked),
            Returns.Of([.. processes.Select(p => p.Returns).OfType<Returns>()]));
    }

    /// <exception cref="InvalidOperationException">What was answered and what is stored differ, nothing was, or something was refused: the measurement says nothing.</exception>
    public void MustHaveStored(long questions)
    {
        if (Oddity is { } oddity)
            throw new InvalidOperationException($"Not every answer was 201: {string.Join(", ", Answers.Select(a => $"{a.Key}: {a.Value}"))}; the first was\n{oddity}");
        if (Answers.GetValueOrDefault(201) is var answered && (questions != answered || answered == 0))
            throw new InvalidOperationException($"{answered} questions were answered 201, the table has {questions} more.");
    }
}
