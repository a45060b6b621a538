using Modular.Kernel.Documents;
using Modular.Kernel.Messaging.Signals;

namespace Modular.Kernel.Messaging;

/// <summary>Where a broker's deliveries enter this process.</summary>
internal sealed class EventReceiver(LiveDelivery live, HandlerIndex handlers, HandlerDispatcher dispatcher, BusHealth health, KernelMetrics metrics, TimeProvider clock)
{
    /// <summary>For the sockets here. What this process published itself its sockets have had since the commit.</summary>
    /// <param name="sent">When it was published, by the publisher's clock.</param>
    public void Live(string module, Guid from, ReadOnlyMemory<byte> batch, DateTime? sent)
    {
        if (sent is { } at)
            metrics.Arrived(module, clock.GetUtcNow().UtcDateTime - at);
        if (from == health.Me)
            health.Heard(module);
        else
            live.Deliver(BatchCodec.Read(batch));
    }

    /// <summary>What passes, from another replica: this process's own its sockets have had.</summary>
    public void Signals(Guid from, ReadOnlyMemory<byte> batch)
    {
        if (from == health.Me)
            return;
        foreach (var signal in SignalCodec.Read(batch))
            live.Signal(signal);
    }

    /// <summary>For the handlers of one module. Returns when every effect is committed; throws only when told to stop.</summary>
    public Task HandleAsync(string consumer, ReadOnlyMemory<byte> batch, CancellationToken ct) =>
        dispatcher.HandleAsync(BatchCodec.Read(batch).SelectMany(row => handlers.Of(consumer, row.Type).Select(handler => (handler, row))), ct);
}
