using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Notifications.Contracts;

namespace Modular.Notifications.Personal;

internal sealed class TellPerson(IDocumentSession session) : IEventHandler<PersonalEvent>
{
    public Task HandleAsync(PersonalEvent happened, EventContext context, CancellationToken ct)
    {
        session.Append(PersonalStream.Of(happened.UserId), new RelayedEvent(happened.Type, happened.UserId, happened.Data));
        return Task.CompletedTask;
    }
}
