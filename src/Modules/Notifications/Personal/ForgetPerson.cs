using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Users.Contracts;

namespace Modular.Notifications.Personal;

/// <summary>Nobody else could read it, and the person's sessions have ended: their stream goes, with its name.</summary>
internal sealed class ForgetPerson([FromKeyedServices("notifications")] IDocumentStore store) : IEventHandler<UserDeleted>
{
    public async Task HandleAsync(UserDeleted happened, EventContext context, CancellationToken ct)
    {
        await store.ForgetStreamAsync(PersonalStream.Of(happened.Id), ct);
        await store.ForgetDeadLettersAsync(happened.Id, ct);
    }
}
