using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging;

/// <summary>Moves events on from where they are committed: lanes out of this process, whatever other processes left behind, dead letters.</summary>
internal sealed class MessageEngine(
    StoreSet stores, LiveDelivery live, IEventTransport transport, HandlerIndex handlers, HandlerDispatcher dispatcher, KernelMetrics metrics,
    TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger logger = loggers.CreateLogger<MessageEngine>();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private readonly List<Task> publishing = [];
    private readonly Dictionary<string, Lane[]> lanes = new(StringComparer.Ordinal);

    /// <summary>Something that never ends has ended: only a restart brings it back.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Called in a store's commit order, before its callers are answered.</summary>
    public void Committed(DocumentStore store, List<OutboxRow> rows)
    {
        live.Deliver(rows);
        store.Outbox.Added(rows.Count);
        if (!lanes.TryGetValue(store.Module, out var own))
            return;                                          // not yet serving; lanes begin with what the table holds
        foreach (var row in rows)
            own[row.Lane].Enqueue(row);
    }

    public async Task StartAsync(CancellationToken ct)
    {
        foreach (var store in stores.All)
        {
            var adoption = new Adoption(store, metrics, loggers.CreateLogger<Adoption>());
            if (transport.IsAlone)
            {
                // Nobody else lives, so whoever looks dead is.
                await adoption.RemoveSilentAsync(ct);
                await adoption.TakeOrphansAsync(ct);
            }

            Lane[] own = [.. Enumerable.Range(0, Lanes.Count).Select(n => new Lane(store, (short)n, transport, live, metrics, loggers.CreateLogger<Lane>()))];
            lanes[store.Module] = own;
            for (short n = 0; n < own.Length; n++)
            {
                var lane = own[n];
                metrics.WatchLane(store.Module, n, () => lane.Queued, () => lane.IsCatchingUp);
            }

            publishing.AddRange(own.Select(lane => Run(() => lane.RunUntilAsync(stop.Token))));
            _ = Run(() => adoption.RunUntilAsync(() => Array.ForEach(own, lane => lane.CatchUp()), stop.Token));
            _ = Run(() => store.Outbox.CountUntilAsync(stop.Token));
            _ = Run(() => new Redrive(store, handlers, dispatcher, loggers.CreateLogger<Redrive>()).RunUntilAsync(stop.Token));
        }

        _ = Run(async () =>
        {
            await transport.StartReceivingAsync().WaitAsync(stop.Token);
            if (!transport.IsAlone)
                await new Canary([.. stores.All.Select(s => s.Module)], transport, clock, loggers.CreateLogger<Canary>()).RunUntilAsync(stop.Token);
        });
    }

    /// <summary>Takes nothing new, finishes what is being handled and publishes what is committed, as far as that is possible before <paramref name="hurry"/>.</summary>
    public async Task FlushAsync(CancellationToken hurry)
    {
        await transport.StopReceivingAsync(hurry);
        foreach (var lane in lanes.Values.SelectMany(l => l))
            lane.Complete();
        await Task.WhenAll(publishing).WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken hurry)
    {
        await stop.CancelAsync();
        foreach (var task in running)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await transport.StopAsync(hurry);
    }

    public void Dispose() => stop.Dispose();

    private Task Run(Func<Task> work)
    {
        var task = Task.Run(work);
        running.Add(task);
        _ = task.ContinueWith(Failed, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }

    private void Failed(Task ended)
    {
        HasFailed = true;
        logger.LogCritical(ended.Exception, "A part of the message engine has ended; this process has to be restarted");
    }
}
