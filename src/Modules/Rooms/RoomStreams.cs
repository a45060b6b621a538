using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;

namespace Modular.Rooms;

/// <summary>Anyone may follow a room that exists: its state is on everybody's screen.</summary>
internal sealed class RoomStreams([FromKeyedServices("rooms")] IDocumentStore store) : IStreamAuthorizer
{
    // Rights are asked again every few seconds for every open subscription; a room that was found once stays.
    private readonly ConcurrentDictionary<Guid, bool> found = [];

    public async ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct)
    {
        if (!stream.StartsWith("rooms/", StringComparison.Ordinal) || !Guid.TryParseExact(stream["rooms/".Length..], "D", out var id)
            || !string.Equals(stream, RoomStream.Of(id), StringComparison.Ordinal))
            return StreamAccess.NotFound;
        if (found.ContainsKey(id))
            return StreamAccess.Yes;
        if (await store.OpenSession().LoadAsync<Room>(id, ct) is null)
            return StreamAccess.NotFound;
        found[id] = true;
        return StreamAccess.Yes;
    }
}
