using Modular.Bench.Measuring;

namespace Modular.Bench;

/// <summary>Where both ways can be measured: the store itself, or the product's endpoint.</summary>
internal interface ISurface : IAsyncDisposable
{
    /// <summary>Runs one way at one setting for <paramref name="ramp"/> uncounted and then <paramref name="seconds"/> counted seconds.</summary>
    /// <exception cref="InvalidOperationException">What was answered and what is stored differ, or something was refused: the run says nothing.</exception>
    Task<Run> MeasureAsync(Setting setting, string way, int round, double ramp, double seconds);
}

internal static class Ways
{
    public const string Product = "product";
    public const string Plain = "plain";

    /// <summary>Of the hosts alone: plain, and telling other replicas the plain way too.</summary>
    public const string PlainBus = "plain-bus";

    /// <summary>Of the hosts alone: plain, and telling the sockets of this process the plain way too.</summary>
    public const string PlainPush = "plain-push";

    public static IReadOnlyList<string> All { get; } = [Plain, Product];
}
