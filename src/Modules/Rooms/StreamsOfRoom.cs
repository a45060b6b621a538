using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;

namespace Modular.Rooms;

/// <summary>
/// The room's own stream. A crowd that comes back at once asks for one room thousands of times, so those who ask together share
/// an answer and a room that was found is remembered; whether its stream may be read is asked of <see cref="RoomStreams"/> all the same.
/// </summary>
internal sealed class StreamsOfRoom([FromKeyedServices("rooms")] IDocumentStore store) : IRoomStreams
{
    private const int Crowded = 10_000;
    private readonly ConcurrentDictionary<string, Lazy<Task<Guid?>>> rooms = new(StringComparer.Ordinal);

    public async ValueTask<IReadOnlyList<string>> OfAsync(string? room, CancellationToken ct)
    {
        if (room is null)
            return [RoomStream.Of(Lobby.Id)];
        if (rooms.Count >= Crowded)
            rooms.Clear();
        var asked = RoomCode.Read(room);
        var answer = rooms.GetOrAdd(asked, _ => new Lazy<Task<Guid?>>(() => FindAsync(asked)));
        var found = default(Guid?);
        try
        {
            found = await answer.Value.WaitAsync(ct);
        }
        finally
        {
            // One that is not there may be made the next moment, and a database that was away comes back.
            if (found is null)
                rooms.TryRemove(new(asked, answer));
        }

        return found is { } id ? [RoomStream.Of(id)] : [];
    }

    private async Task<Guid?> FindAsync(string room) => (await store.OpenSession().FindRoomAsync(room, CancellationToken.None))?.Id;
}
