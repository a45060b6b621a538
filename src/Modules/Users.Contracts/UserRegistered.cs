using Modular.Kernel.Messaging;

namespace Modular.Users.Contracts;

/// <summary>Published to handlers only: a guest has become a member under the same id, or a new member has come.</summary>
[Event("user.registered")]
public sealed record UserRegistered(Guid Id, string Name) : IEvent
{
    Guid IEvent.Subject => Id;
}
