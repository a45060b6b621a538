using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging.Signals;

/// <summary>
/// Shows signals here and hands them to the other replicas, beside the lanes: what queues while a batch is on its way leaves as the next one.
/// Memory is bounded by dropping the oldest, and what has waited out a broker that was away is dropped too: nobody is
/// still typing then.
/// </summary>
internal sealed class SignalRelay(LiveDelivery live, TimeProvider clock, KernelMetrics metrics, ILogger<SignalRelay> logger, ISignalTransport? transport = null) : BackgroundService
{
    public const int MostQueued = 1_000;
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Channel<(SignalMessage Signal, long At)> queue = Channel.CreateBounded<(SignalMessage, long)>(
        new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => metrics.SignalsLost(1));

    /// <summary>To the sockets of this process at once, to the others as soon as the broker takes it.</summary>
    public void Send(SignalMessage signal)
    {
        live.Signal(signal);
        if (transport is not null)
            queue.Writer.TryWrite((signal, clock.GetTimestamp()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (transport is null)
            return;
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            if (Take() is { Count: > 0 } batch)
                await PublishAsync(transport, batch, stoppingToken);
        }
    }

    private List<SignalMessage> Take()
    {
        var (batch, stale) = (new List<SignalMessage>(), 0);
        while (batch.Count < MostAtOnce && queue.Reader.TryRead(out var next))
        {
            if (clock.GetElapsedTime(next.At) >= Fresh)
                stale++;
            else
                batch.Add(next.Signal);
        }

        if (stale > 0)
            metrics.SignalsLost(stale);
        return batch;
    }

    private async Task PublishAsync(ISignalTransport to, List<SignalMessage> batch, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Fresh, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await to.PublishAsync(batch, either.Token);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // The lanes tell the operator about a broker that is away; a line for each lost batch would bury that.
            metrics.SignalsLost(batch.Count);
            logger.LogDebug(e, "{Count} signals did not reach the other replicas", batch.Count);
        }
    }
}
