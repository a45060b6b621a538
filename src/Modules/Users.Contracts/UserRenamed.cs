using Modular.Kernel.Messaging;

namespace Modular.Users.Contracts;

/// <summary>Published to handlers only: others keep the name beside what a person wrote.</summary>
[Event("user.renamed")]
public sealed record UserRenamed(Guid Id, string Name) : IEvent
{
    Guid IEvent.Subject => Id;
}
