namespace Modular.Kernel.Messaging;

/// <summary>One process, no broker: the handlers of this process are all there is, and a row goes after their commits.</summary>
internal sealed class LocalTransport(HandlerIndex handlers, HandlerDispatcher dispatcher) : IEventTransport
{
    public bool IsAlone => true;

    public Task StartReceivingAsync() => Task.CompletedTask;

    public Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct) =>
        dispatcher.HandleAsync(batch.SelectMany(row => handlers.For(row.Type).Select(handler => (handler, row))), ct);

    public Task StopReceivingAsync(CancellationToken hurry) => Task.CompletedTask;

    public Task StopAsync(CancellationToken hurry) => Task.CompletedTask;
}
