using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.EventPath;

/// <summary>What is measured, and how it is asked.</summary>
/// <param name="Rate">Questions a second in an open loop; null: each caller asks again once it is answered.</param>
/// <param name="Subscribers">Of the lobby's questions on the last replica; all questions are asked on the first.</param>
internal sealed record Load(string Name, double? Rate, int Callers, int Subscribers);

/// <summary>Who is measured: a way, on so many replicas.</summary>
internal sealed record Contestant(string Way, int Replicas);

/// <summary>One of them measured once.</summary>
/// <param name="Rate">Answers a second; in an open loop less than was asked where the host fell behind.</param>
/// <param name="Messages">Through the broker, for questions, as the replica that is asked counts them.</param>
/// <param name="Hosts">Processor seconds of each replica; the first is asked.</param>
/// <param name="Others">Processor seconds of everything else on the machine: above a tenth of a core the figures say less.</param>
/// <param name="Memory">Of each replica, in MB, at the end.</param>
internal sealed record PathRun(
    Load Load, Contestant Who, int Round, double Seconds, double Rate, Spread Post, Delivery? Delivery, double? SessionsACommit, long Messages, double? EventsAMessage,
    IReadOnlyList<double> Hosts, double? Postgres, double? Broker, double Generator, double? Others, IReadOnlyList<double> Memory);
