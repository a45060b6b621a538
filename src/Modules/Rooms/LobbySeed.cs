using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Rooms.Contracts;

namespace Modular.Rooms;

internal sealed class LobbySeed([FromKeyedServices("rooms")] IDocumentStore store) : ISeed
{
    public async Task RunAsync(CancellationToken ct)
    {
        var session = store.OpenSession();
        if (await session.LoadAsync<Room>(Lobby.Id, ct) is not null)
            return;
        session.Insert(new Room { Id = Lobby.Id, Code = Lobby.Code, Title = "Lobby" });
        await session.SaveChangesAsync(ct);
    }
}
