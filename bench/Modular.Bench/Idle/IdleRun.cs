using Modular.Bench.Measuring;

namespace Modular.Bench.Idle;

/// <summary>A host's memory with so many connections that only stay, in bytes.</summary>
/// <param name="Resident">Once it no longer changes.</param>
/// <param name="Collected">The same after it has collected its garbage and given back what it can.</param>
/// <param name="Heap">Of <paramref name="Collected"/>, what its objects take.</param>
internal sealed record IdleStep(int Connections, long Resident, long Collected, long Heap);

/// <summary>One way measured once.</summary>
/// <param name="Bare">The host before the first connection, its code warmed up.</param>
/// <param name="Seconds">How long processor times and transactions were counted, with all connections.</param>
/// <param name="Transactions">Of its database, committed by whomever, reads included.</param>
internal sealed record IdleRun(
    string Way, IdleStep Bare, IReadOnlyList<IdleStep> Steps, double Seconds, double Host, double? Postgres, double? Others, long Transactions)
{
    /// <summary>Bytes a connection.</summary>
    public double Each(Func<IdleStep, long> of) => Slope.Of([.. Steps.Select(s => ((double)s.Connections, (double)of(s)))]);
}
