using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.Storms;

/// <summary>What there is in one phase, a second.</summary>
/// <param name="Transactions">Committed in the host's database, reads included.</param>
/// <param name="Host">Cores.</param>
/// <param name="Postgres">Cores.</param>
internal sealed record StormPhase(double Seconds, double Transactions, double Host, double? Postgres);

/// <summary>One storm.</summary>
/// <param name="CaughtUp">From the begin of connecting until a socket had what there was when it was answered.</param>
/// <param name="Failures">Tries that failed, and <paramref name="Away"/> sockets that never came back.</param>
/// <param name="NotRecovered">Sockets that were told there is a hole.</param>
/// <param name="Normal">Before the drop.</param>
/// <param name="Returning">From the drop until the last was to be back.</param>
/// <param name="Busiest">Transactions of the busiest second of it.</param>
/// <param name="MemoryBefore">Of the host, in MB.</param>
internal sealed record StormRun(
    int Sockets, double Over, double Rate, int Round, Spread CaughtUp, int Failures, int Away, int NotRecovered, string? WhyFailed, Delivery Delivery,
    StormPhase Normal, StormPhase Returning, double Busiest, double MemoryBefore, double MemoryAfter);
