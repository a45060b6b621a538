using Modular.Rooms.Contracts;

namespace Modular.Rooms;

/// <summary>A room as the wire shows it.</summary>
internal record RoomView(
    Guid Id, string Code, string Title, Guid? HostId, RoomState State, RoomSettings Settings,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static RoomView Of(Room room) =>
        new(room.Id, room.Code, room.Title, room.HostId, room.State, room.Settings, room.CreatedAt, room.UpdatedAt, room.Version);
}
