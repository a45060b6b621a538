using Modular.Kernel.Documents;
using Modular.Rooms.Contracts;

namespace Modular.Rooms.Joining;

/// <summary>A person who has entered a room; one a room and person, by its id.</summary>
internal sealed record Member : Document
{
    public Guid RoomId { get; init; }

    public Guid UserId { get; init; }

    /// <summary>Given by the host, whose own role is not this but <see cref="Room.HostId"/>.</summary>
    public RoomRole Role { get; init; } = RoomRole.Member;

    /// <summary>Whether an event on the room's stream names this person, which has to be redacted when they go.</summary>
    public bool Announced { get; init; }

    public static Guid IdOf(Guid room, Guid user) => DerivedId.Of(room, user);

    public static Member Of(Guid room, Guid user) => new() { Id = IdOf(room, user), RoomId = room, UserId = user };
}
