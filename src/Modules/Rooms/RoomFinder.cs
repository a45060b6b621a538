using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;
using Modular.Rooms.Roles;

namespace Modular.Rooms;

/// <summary>Finds rooms by what stands in an address.</summary>
internal static class RoomFinder
{
    public static async Task<Room?> FindRoomAsync(this IDocumentSession session, string idOrCode, CancellationToken ct) =>
        Guid.TryParseExact(idOrCode, "D", out var id)
            ? await session.LoadAsync<Room>(id, ct)
            : await session.QueryAsync<Room>($"where code = {RoomCode.Read(idOrCode)}", ct) is [var room] ? room : null;
}

internal sealed class RoomAnswers([FromKeyedServices("rooms")] IDocumentStore store) : IRooms
{
    public async Task<RoomInfo?> FindAsync(string idOrCode, CancellationToken ct)
    {
        var session = store.OpenSession();
        if (await session.FindRoomAsync(idOrCode, ct) is not { Id: var id })
            return null;
        // The number first and the room again after it: what is answered then surely holds all events up to the number.
        var position = await session.PositionAsync(RoomStream.Of(id), ct);
        return await session.LoadAsync<Room>(id, ct) is { } room
            ? new RoomInfo(room.Id, room.Code, room.HostId, room.State, room.Settings, position.Seq)
            : null;
    }

    public async Task<RoomRole> RoleOfAsync(Guid room, Guid user, CancellationToken ct)
    {
        var session = store.OpenSession();
        return await session.LoadAsync<Room>(room, ct) is { } found
            ? RoomRoles.Of(found, user, await session.LoadAsync<Member>(Member.IdOf(room, user), ct))
            : RoomRole.Guest;
    }
}
