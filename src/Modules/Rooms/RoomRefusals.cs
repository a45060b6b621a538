using Modular.Kernel.Web;

namespace Modular.Rooms;

/// <summary>The sentences that several slices share.</summary>
internal static class RoomRefusals
{
    public static Refused NotFound => Refused.NotFound("room-not-found", "There is no room with this code. Check it with the host.");

    public static Refused NotModerator => Refused.Forbidden("not-host", "Only the host and the moderators of this room may do this.");

    public static Refused NotHost => Refused.Forbidden("not-host", "Only the host of this room may do this.");
}
