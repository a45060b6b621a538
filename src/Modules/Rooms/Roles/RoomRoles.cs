using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;

namespace Modular.Rooms.Roles;

internal static class RoomRoles
{
    public static RoomRole Of(Room room, Guid user, Member? member) => room.HostId == user ? RoomRole.Host : member?.Role ?? RoomRole.Guest;

    /// <summary>What the caller is in <paramref name="room"/>, and may do there.</summary>
    public static async Task<RoomRole> RoleInAsync(this IDocumentSession session, Room room, Caller? caller, CancellationToken ct) => caller switch
    {
        null => RoomRole.Guest,
        _ when room.IsHostedBy(caller) => RoomRole.Host,
        _ => Of(room, caller.UserId, await session.LoadAsync<Member>(Member.IdOf(room.Id, caller.UserId), ct)),
    };
}
