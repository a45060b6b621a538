namespace Modular.Rooms.Contracts;

/// <summary>What somebody is in one room. Admins are the host of every room.</summary>
public enum RoomRole
{
    /// <summary>Has not entered it; may read, ask and vote all the same.</summary>
    Guest,
    Member,

    /// <summary>A member who is shown as a speaker; may what a member may.</summary>
    Speaker,
    Moderator,
    Host,
}

/// <summary>Who may what.</summary>
public static class RoomRights
{
    /// <summary>Mark questions as answered, see what waits or was put away, see who has entered.</summary>
    public static bool MayModerate(this RoomRole role) => role is RoomRole.Moderator or RoomRole.Host;

    /// <summary>Open, pause and close the room, and say who is what in it.</summary>
    public static bool MayConduct(this RoomRole role) => role is RoomRole.Host;
}
