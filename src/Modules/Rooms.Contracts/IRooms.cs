namespace Modular.Rooms.Contracts;

/// <summary>
/// The owner's answer about a room, for modules that keep a copy of their own from events and do not know this one yet.
/// </summary>
public interface IRooms
{
    /// <summary>By id or code; codes are read without regard to case and spaces. Null where there is no such room.</summary>
    Task<RoomInfo?> FindAsync(string idOrCode, CancellationToken ct);

    /// <summary>What somebody is in a room now; a guest where they have never entered, or where there is no such room.</summary>
    Task<RoomRole> RoleOfAsync(Guid room, Guid user, CancellationToken ct);
}

/// <param name="Seq">The number on <c>rooms/{id}</c> up to which the answer surely holds; events above it are newer.</param>
public sealed record RoomInfo(Guid Id, string Code, Guid? HostId, RoomState State, RoomSettings Settings, long Seq);

public enum RoomState
{
    Open,
    Paused,
    Closed,
}

/// <summary>What a host decides for a room.</summary>
public sealed record RoomSettings
{
    /// <summary>Whether people may ask without their name.</summary>
    public bool Anonymous { get; init; } = true;
}
