using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.Push;

/// <param name="Rate">Questions a second, in an open loop.</param>
internal sealed record PushLoad(int Subscribers, double Rate);

/// <summary>One way measured once.</summary>
/// <param name="Rate">Answers a second; less than was asked where the host fell behind.</param>
/// <param name="Host">Processor seconds within the window, as the next three.</param>
/// <param name="Others">Of everything else on the machine: above a tenth of a core the figures say less.</param>
/// <param name="Memory">Of the host, in MB, at the end.</param>
/// <param name="Allocated">By the host within the window, in MB.</param>
internal sealed record PushRun(
    string Way, PushLoad Load, int Round, double Seconds, double Rate, Spread Post, Delivery Delivery,
    double Host, double? Postgres, double Generator, double? Others, double Memory, double Allocated);
