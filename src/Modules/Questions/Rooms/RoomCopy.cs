using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;

namespace Modular.Questions.Rooms;

/// <summary>What this module needs to know of a room, kept from the room's events; its id is the room's. No person is in it.</summary>
internal sealed record RoomCopy : Document
{
    public RoomState State { get; init; }

    public RoomSettings Settings { get; init; } = new();

    /// <summary>The number of the newest event that is in here. Events come in order within a batch only, so lower ones are old news.</summary>
    public long Seq { get; init; }

    public Refused? WhyNoVotes() => State switch
    {
        RoomState.Closed => Refused.Conflict("room-closed", "This event is over. Its questions can still be read."),
        RoomState.Paused => Refused.Conflict("room-paused", "The host has paused this room. Try again in a moment."),
        _ => null,
    };

    public Refused? WhyNoQuestions(bool anonymous) =>
        WhyNoVotes() ?? (anonymous && !Settings.Anonymous
            ? Refused.Conflict("anonymous-off", "This room takes questions with a name only.")
            : null);
}
