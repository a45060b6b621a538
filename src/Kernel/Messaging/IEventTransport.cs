namespace Modular.Kernel.Messaging;

/// <summary>Takes committed events out of this process: to its own handlers, or through a broker to every replica.</summary>
internal interface IEventTransport
{
    /// <summary>No other process learns what happens here, so no other may serve the same database.</summary>
    bool IsAlone { get; }

    /// <summary>Begins to take what other replicas publish; done when it does, which may be long after a start without a broker.</summary>
    Task StartReceivingAsync();

    /// <summary>Returns when the rows may go: everybody they are for has them, or will have them whatever crashes.</summary>
    Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct);

    /// <summary>Takes nothing more and finishes what is being handled; publishing goes on.</summary>
    Task StopReceivingAsync(CancellationToken hurry);

    /// <summary>Leaves nothing of this process behind.</summary>
    Task StopAsync(CancellationToken hurry);
}
