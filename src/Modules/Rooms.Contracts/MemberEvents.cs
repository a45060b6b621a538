using Modular.Kernel.Messaging;

namespace Modular.Rooms.Contracts;

/// <param name="Id">The membership's. It is what the event is about, so that redacting it leaves nothing of the person.</param>
[Event("member.roleChanged")]
public sealed record MemberRoleChanged(Guid Id, Guid UserId, RoomRole Role) : IEvent
{
    Guid IEvent.Subject => Id;
}

/// <summary>Somebody of whom the room has been told is no longer there.</summary>
/// <param name="Id">As in <see cref="MemberRoleChanged"/>.</param>
[Event("member.left")]
public sealed record MemberLeft(Guid Id) : IEvent
{
    Guid IEvent.Subject => Id;
}
