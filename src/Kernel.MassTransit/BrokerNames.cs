using Modular.Kernel.Messaging;

namespace Modular.Kernel.MassTransit;

/// <summary>
/// What is called how at the broker. A module's lanes publish to its outbox exchange, which leads to its events exchange
/// and nowhere else; every queue hangs on the latter.
/// </summary>
internal static class BrokerNames
{
    public static string Outbox(string module) => $"{module}.outbox";

    public static string Events(string module) => $"{module}.events";

    /// <summary>Signals of all modules; lost where nobody listens.</summary>
    public const string Signals = "signals";

    public static string Queue(EventRoute route) => $"{route.Consumer}.{route.Source}";

    /// <summary>Of one process in one life: what a predecessor left unread is healed from the log, not read late.</summary>
    public static string Live(string instance, Guid boot) => $"live.{instance}.{boot.ToString("n")[^12..]}";
}
