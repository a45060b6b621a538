namespace Modular.Rooms.Contracts;

/// <summary>The room that always exists: open to all, without a host, moderated by admins.</summary>
public static class Lobby
{
    public const string Code = "LOBBY";

    /// <summary>A UUIDv7 of 2024-01-01, so that it sorts before every room made by a person.</summary>
    public static Guid Id { get; } = new("018cc251-f400-7000-8000-000000000001");
}
