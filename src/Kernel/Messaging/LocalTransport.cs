namespace Modular.Kernel.Messaging;

/// <summary>
/// One process, no broker: sockets and handlers of this process are all there is. Sockets have had the events since
/// the commit; they get them again because rows found in the table after a crash have reached nobody.
/// </summary>
internal sealed class LocalTransport(LiveDelivery live, HandlerIndex handlers, HandlerDispatcher dispatcher) : IEventTransport
{
    public async Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct)
    {
        live.Deliver(batch);
        var work = batch
            .SelectMany(row => handlers.For(row.Type).Select(handler => (Handler: handler, Row: row)))
            .GroupBy(w => (w.Handler, Order: w.Row.Stream ?? w.Row.EventId.ToString()))
            .Select(g => dispatcher.HandleAsync(g.Key.Handler, g.Select(w => w.Row), ct))
            .ToArray();
        await Task.WhenAll(work);
    }
}
