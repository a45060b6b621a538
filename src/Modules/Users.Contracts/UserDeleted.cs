using Modular.Kernel.Messaging;

namespace Modular.Users.Contracts;

/// <summary>
/// Published to handlers only: nothing of theirs may name this person any more. It comes a second time a minute later, for
/// what requests in flight have still written, so handle it so that twice is as good as once.
/// </summary>
[Event("user.deleted")]
public sealed record UserDeleted(Guid Id) : IEvent
{
    Guid IEvent.Subject => Id;
}
