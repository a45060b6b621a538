using Modular.Kernel.Documents;

namespace Modular.Rooms.Joining;

/// <summary>A person who has entered a room; one a room and person, by its id.</summary>
internal sealed record Member : Document
{
    public Guid RoomId { get; init; }

    public Guid UserId { get; init; }

    public static Guid IdOf(Guid room, Guid user) => DerivedId.Of(room, user);

    public static Member Of(Guid room, Guid user) => new() { Id = IdOf(room, user), RoomId = room, UserId = user };
}
