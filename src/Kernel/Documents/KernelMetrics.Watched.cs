using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Modular.Kernel.Documents;

/// <summary>What is asked for when somebody looks, and not recorded.</summary>
public sealed partial class KernelMetrics
{
    private readonly ConcurrentQueue<(KeyValuePair<string, object?>[] Tags, Func<int> Queued, Func<bool> CatchingUp)> lanes = new();
    private readonly ConcurrentQueue<(KeyValuePair<string, object?> Tag, Func<long> Depth, Func<TimeSpan> OldestAge)> outboxes = new();
    private readonly ConcurrentQueue<Func<bool>> buses = new();
    private ObservableGauge<double> oldestAge = null!;

    /// <summary>Whether anybody looks at the outbox. Where nobody does, nobody needs to count its rows.</summary>
    internal bool IsOutboxWatched => oldestAge.Enabled;

    internal void WatchLane(string module, short lane, Func<int> queued, Func<bool> catchingUp) =>
        lanes.Enqueue(([Of(module), new("lane", (int)lane)], queued, catchingUp));

    internal void WatchOutbox(string module, Func<long> depth, Func<TimeSpan> oldestAge) => outboxes.Enqueue((Of(module), depth, oldestAge));

    /// <param name="connected">Whether the broker takes what this process publishes.</param>
    internal void WatchBus(Func<bool> connected) => buses.Enqueue(connected);

    private void CreateWatched(Meter meter)
    {
        _ = meter.CreateObservableUpDownCounter(
            "modular.lane.queued", () => lanes.Select(l => new Measurement<int>(l.Queued(), l.Tags)), "{event}", "Committed events that wait in memory to be published");
        _ = meter.CreateObservableGauge(
            "modular.lane.catching_up", () => lanes.Select(l => new Measurement<int>(l.CatchingUp() ? 1 : 0, l.Tags)), "1", "1 while a lane publishes from the table, 0 while it publishes from memory");
        _ = meter.CreateObservableUpDownCounter(
            "modular.outbox.depth", () => outboxes.Select(o => new Measurement<long>(o.Depth(), o.Tag)), "{event}", "Outbox rows of this process: committed and not yet known to be published");
        oldestAge = meter.CreateObservableGauge(
            "modular.outbox.oldest_age", () => outboxes.Select(o => new Measurement<double>(o.OldestAge().TotalSeconds, o.Tag)), "s", "How long the oldest outbox row of this process has waited");
        _ = meter.CreateObservableGauge(
            "modular.bus.connected", () => buses.Select(b => new Measurement<int>(b() ? 1 : 0)), "1", "1 while the broker confirms what this process publishes");
    }
}
