namespace Modular.Cluster.Tests.Api;

/// <summary>What kind of person asks.</summary>
internal enum Asker
{
    /// <summary>Without credentials.</summary>
    Nobody,

    Guest,
    Member,

    /// <summary>A member who hosts a room, and not the one that the request is about.</summary>
    HostElsewhere,

    /// <summary>A guest whom the room's host has made a speaker there.</summary>
    Speaker,

    /// <summary>A guest whom the room's host has made a moderator there.</summary>
    Moderator,

    /// <summary>A guest, whose room the request is about.</summary>
    Host,

    Admin,
}
