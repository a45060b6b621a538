using Modular.Bench.Following;
using Modular.Bench.Http;

namespace Modular.Bench.Generating;

/// <summary>What a generator is to do; it reads this as JSON from its input.</summary>
/// <param name="Callers">Connections, each with one request in flight.</param>
/// <param name="Rate">Requests a second, whether or not earlier ones are answered; null: each connection asks again once it is answered.</param>
/// <param name="Audience">Who follows meanwhile; null: nobody.</param>
/// <param name="Storm">When they are dropped and come back; null: never.</param>
internal sealed record LoadPlan(string Host, int Port, int Callers, Crowd Crowd, double? Rate = null, Audience? Audience = null, Storm? Storm = null)
{
    /// <summary>What marks the questions as those of this measurement.</summary>
    public int Measurement { get; init; } = Random.Shared.Next(10_000);

    /// <summary>Seconds after the last answer; what has not arrived by then counts as lost.</summary>
    public double Patience { get; init; } = 10;

    /// <summary>Whether this process asks; of several only the first does.</summary>
    public bool Asks { get; init; } = true;

    public IEnumerable<LoadPlan> Parts(int processes) =>
        Enumerable.Range(0, processes).Select(n => this with { Asks = n == 0, Audience = Audience?.Part(n, processes) });
}
