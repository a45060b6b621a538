using Modular.Kernel.Messaging;

namespace Modular.Rooms.Contracts;

/// <summary>A room as everyone sees it: the data of every event on <c>rooms/{id}</c>.</summary>
public abstract record RoomEvent : IEvent
{
    public Guid Id { get; init; }

    public string Code { get; init; } = "";

    public string Title { get; init; } = "";

    public Guid? HostId { get; init; }

    public RoomState State { get; init; }

    public RoomSettings Settings { get; init; } = new();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public int Version { get; init; }

    Guid IEvent.Subject => Id;
}

/// <summary>Made, or opened again.</summary>
[Event("room.opened")]
public sealed record RoomOpened : RoomEvent;

[Event("room.updated")]
public sealed record RoomUpdated : RoomEvent;

[Event("room.paused")]
public sealed record RoomPaused : RoomEvent;

[Event("room.closed")]
public sealed record RoomClosed : RoomEvent;
