namespace Modular.Kernel.Messaging.Signals;

/// <summary>
/// Takes signals to the other replicas; there is none where one process serves alone. What arrives there goes to
/// <see cref="LiveDelivery.Signal"/> and nowhere else. This process must not get its own back: its sockets have had them.
/// </summary>
internal interface ISignalTransport
{
    /// <summary>Called for one batch at a time, never for a lane's. May fail or be cancelled: then the batch is lost and counted.</summary>
    Task PublishAsync(IReadOnlyList<SignalMessage> batch, CancellationToken ct);
}
