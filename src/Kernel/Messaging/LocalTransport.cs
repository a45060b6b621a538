using Modular.Kernel.Documents;

namespace Modular.Kernel.Messaging;

/// <summary>
/// One process, no broker: sockets and handlers of this process are all there is. Sockets have had the events since
/// the commit; they get them again because rows found in the table after a crash have reached nobody.
/// </summary>
internal sealed class LocalTransport(IEnumerable<ILiveSink> sinks, HandlerIndex handlers, HandlerDispatcher dispatcher) : IEventTransport
{
    private readonly ILiveSink[] sinks = [.. sinks];

    public async Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct)
    {
        LiveDelivery.To(sinks, batch);
        var work = batch
            .SelectMany(row => handlers.For(row.Type).Select(handler => (Handler: handler, Row: row)))
            .GroupBy(w => (w.Handler, Order: w.Row.Stream ?? w.Row.EventId.ToString()))
            .Select(g => dispatcher.HandleAsync(g.Key.Handler, g.Select(w => w.Row), ct))
            .ToArray();
        await Task.WhenAll(work);
    }
}

internal static class LiveDelivery
{
    public static void To(ILiveSink[] sinks, IReadOnlyList<OutboxRow> rows)
    {
        if (sinks.Length == 0)
            return;
        var events = new List<StreamEvent>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Stream is not null)
                events.Add(row.ToStreamEvent());
        }

        if (events.Count == 0)
            return;
        foreach (var sink in sinks)
            sink.Deliver(events);
    }
}
