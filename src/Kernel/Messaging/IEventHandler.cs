namespace Modular.Kernel.Messaging;

/// <summary>
/// Reacts to another module's event (or its own). Runs in a scope of its own whose <c>IDocumentSession</c>
/// belongs to the handler's module; the Kernel saves that session after <see cref="HandleAsync"/> returns, in one
/// commit with the inbox row that makes the effect happen once. Order holds within a stream's batch, not across
/// batches: copies keep the source's <see cref="EventContext.Seq"/> and ignore lower ones. A thrown database or
/// version error is retried without counting; any other three times (50, 200, 1000 ms), then the event becomes
/// a row in the module's <c>dead_letters</c> and the rest goes on.
/// </summary>
public interface IEventHandler<in TEvent> where TEvent : IEvent
{
    Task HandleAsync(TEvent happened, EventContext context, CancellationToken ct);
}

/// <summary>Where an event came from. <paramref name="Stream"/> is null and <paramref name="Seq"/> 0 for published events.</summary>
public sealed record EventContext(Guid EventId, string? Stream, long Seq, DateTimeOffset At, string? RequestId);
