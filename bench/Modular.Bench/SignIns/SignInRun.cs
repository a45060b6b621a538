using Modular.Bench.Following;
using Modular.Bench.Measuring;

namespace Modular.Bench.SignIns;

/// <summary>One number of passwords at once measured once.</summary>
/// <param name="AtOnce">0: nobody signed in.</param>
/// <param name="Post">Of the questions that were asked.</param>
/// <param name="Host">Cores.</param>
internal sealed record SignInRun(
    int AtOnce, int Sockets, double Rate, int Callers, int Round, double Seconds, SignInCount SignIns, Spread Post, Delivery Delivery, double Host);
