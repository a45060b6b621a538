using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;

namespace Modular.Rooms;

internal sealed record Room : Document
{
    public string Code { get; init; } = "";

    public string Title { get; init; } = "";

    /// <summary>Null for the lobby, which admins moderate, and where the host was deleted: the host link makes another.</summary>
    public Guid? HostId { get; init; }

    public RoomState State { get; init; }

    public RoomSettings Settings { get; init; } = new();

    /// <summary>SHA-256 of the token in the host link; whoever has the link is the host.</summary>
    public string? HostLinkHash { get; init; }

    public bool IsHostedBy(Caller caller) => caller.IsAdmin || HostId == caller.UserId;

    /// <summary>What everyone may know of the room, as an event's data.</summary>
    public TEvent As<TEvent>() where TEvent : RoomEvent, new() => new()
    {
        Id = Id,
        Code = Code,
        Title = Title,
        HostId = HostId,
        State = State,
        Settings = Settings,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Version = Version,
    };
}

/// <summary>The names of this module's streams.</summary>
internal static class RoomStream
{
    public static string Of(Guid room) => $"rooms/{room}";
}
