using Modular.Rooms.Contracts;

namespace Modular.Rooms;

/// <summary>A room as the wire shows it to one viewer.</summary>
/// <param name="Role">The viewer's.</param>
internal record RoomView(
    Guid Id, string Code, string Title, Guid? HostId, RoomState State, RoomSettings Settings,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version, RoomRole Role)
{
    public static RoomView Of(Room room, RoomRole role) =>
        new(room.Id, room.Code, room.Title, room.HostId, room.State, room.Settings, room.CreatedAt, room.UpdatedAt, room.Version, role);
}
