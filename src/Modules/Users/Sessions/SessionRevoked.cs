using Modular.Kernel.Messaging;

namespace Modular.Users.Sessions;

/// <summary>Told to the person whose session it was, for their other devices.</summary>
[Event("session.revoked")]
internal sealed record SessionRevoked(Guid Id) : IEvent
{
    Guid IEvent.Subject => Id;
}
