using System.Diagnostics.Metrics;

namespace Modular.Notifications;

/// <summary>What the operator watches of the live side; meter <c>Modular.Notifications</c>.</summary>
internal sealed class Meters
{
    private readonly UpDownCounter<int> connections;
    private readonly UpDownCounter<int> subscriptions;
    private readonly Counter<int> gapsFound;
    private readonly Counter<int> gapsHealed;
    private readonly Counter<int> resyncs;
    private readonly Counter<int> slowCut;

    public Meters(IMeterFactory meters)
    {
        var meter = meters.Create("Modular.Notifications");
        connections = meter.CreateUpDownCounter<int>("notifications.connections", description: "Open hub connections.");
        subscriptions = meter.CreateUpDownCounter<int>("notifications.subscriptions", description: "Subscriptions of all connections.");
        gapsFound = meter.CreateCounter<int>("notifications.gaps.found", description: "Streams seen with a missing event for longer than the hold.");
        gapsHealed = meter.CreateCounter<int>("notifications.gaps.healed", description: "Of those, filled from the log.");
        resyncs = meter.CreateCounter<int>("notifications.resyncs", description: "Subscriptions told to take a snapshot.");
        slowCut = meter.CreateCounter<int>("notifications.slow.cut", description: "Connections cut because one write took too long.");
    }

    public void Connected(int change) => connections.Add(change);

    public void Subscribed(int change) => subscriptions.Add(change);

    public void GapFound() => gapsFound.Add(1);

    public void GapHealed() => gapsHealed.Add(1);

    public void Resynced(int count) => resyncs.Add(count);

    public void SlowCut() => slowCut.Add(1);
}
