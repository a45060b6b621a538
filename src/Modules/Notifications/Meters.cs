using System.Diagnostics.Metrics;
using Modular.Kernel.Observability;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;

namespace Modular.Notifications;

/// <summary>What the operator watches of the live side, on the meter <c>Modular.Notifications</c>; docs/metrics.md says what each is for.</summary>
internal sealed class Meters
{
    private readonly UpDownCounter<int> connections;
    private readonly UpDownCounter<int> subscriptions;
    private readonly Counter<int> refused;
    private readonly Counter<int> cut;
    private readonly Counter<int> closed;
    private readonly Counter<int> catchUps;
    private readonly Counter<int> resyncs;
    private readonly Histogram<int> frameEvents;
    private readonly Counter<int> duplicates;
    private readonly Counter<int> gapsFound;
    private readonly Counter<int> gapsHealed;
    private readonly Histogram<double> healing;
    private readonly Histogram<double> age;

    public Meters(IMeterFactory meters)
    {
        var meter = meters.Create("Modular.Notifications");
        connections = meter.CreateUpDownCounter<int>("modular.notifications.connections", "{connection}", "Open connections");
        subscriptions = meter.CreateUpDownCounter<int>("modular.notifications.subscriptions", "{subscription}", "Subscriptions of all connections");
        refused = meter.CreateCounter<int>("modular.notifications.refused", "{connection}", "Connections refused at the door");
        cut = meter.CreateCounter<int>("modular.notifications.cut", "{connection}", "Connections this server ended");
        closed = meter.CreateCounter<int>("modular.notifications.closed", "{subscription}", "Subscriptions ended because the right to read was gone");
        catchUps = meter.CreateCounter<int>("modular.notifications.catch_ups", "{subscription}", "Subscriptions that went on after a number");
        resyncs = meter.CreateCounter<int>("modular.notifications.resyncs", "{subscription}", "Subscriptions told to take a snapshot");
        frameEvents = meter.CreateSizes("modular.notifications.frame_events", "{event}", "Events that leave as one frame");
        duplicates = meter.CreateCounter<int>("modular.notifications.duplicates", "{event}", "Events that came again and were dropped");
        gapsFound = meter.CreateCounter<int>("modular.notifications.gaps_found", "{gap}", "Streams that missed an event for longer than the hold");
        gapsHealed = meter.CreateCounter<int>("modular.notifications.gaps_healed", "{gap}", "Of those, filled from the log");
        healing = meter.CreateTimes("modular.notifications.gap_duration", "From finding a gap to its end, healed or given up");
        age = meter.CreateTimes("modular.notifications.push_age", "From an event's commit to its writing to a socket, for the oldest event of each frame");
    }

    public void Connected(int change, Protocol protocol) => connections.Add(change, new KeyValuePair<string, object?>("protocol", Name(protocol)));

    public void Subscribed(int change) => subscriptions.Add(change);

    public void Refused(string reason) => refused.Add(1, Reason(reason));

    public void Cut(Cutting reason) => cut.Add(1, Reason(Name(reason)));

    public void Closed(string reason) => closed.Add(1, Reason(reason));

    /// <param name="from">Where what was missed came from: <c>ring</c>, <c>log</c>, or <c>nowhere</c>, which costs the client a snapshot.</param>
    public void CaughtUp(string from) => catchUps.Add(1, new KeyValuePair<string, object?>("from", from));

    public void Resynced(int count)
    {
        if (count > 0)
            resyncs.Add(count);
    }

    public void Framed(int events) => frameEvents.Record(events);

    public void Duplicate() => duplicates.Add(1);

    public void GapFound() => gapsFound.Add(1);

    public void GapEnded(TimeSpan after, bool healed)
    {
        healing.Record(after.TotalSeconds);
        if (healed)
            gapsHealed.Add(1);
    }

    public bool AgeIsWatched => age.Enabled;

    /// <summary>The database's clock said when it happened, this process's says when it was written: never less than nothing.</summary>
    public void Pushed(TimeSpan after) => age.Record(Math.Max(0, after.TotalSeconds));

    private static string Name(Protocol protocol) => protocol switch
    {
        Protocol.Hub => "hub",
        Protocol.Plain => "ws",
        _ => "sse",
    };

    private static string Name(Cutting reason) => reason switch
    {
        Cutting.Slow => "slow",
        Cutting.Silent => "silent",
        Cutting.Session => "session",
        _ => "error",
    };

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
