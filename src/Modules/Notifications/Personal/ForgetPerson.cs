using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Users.Contracts;

namespace Modular.Notifications.Personal;

/// <summary>Empties what the person was told. Nobody may follow the stream any more, so nobody has to be told of that.</summary>
internal sealed class ForgetPerson(IDocumentSession session) : IEventHandler<UserDeleted>
{
    public Task HandleAsync(UserDeleted happened, EventContext context, CancellationToken ct)
    {
        session.Redact(PersonalStream.Of(happened.Id), happened.Id);
        return Task.CompletedTask;
    }
}
