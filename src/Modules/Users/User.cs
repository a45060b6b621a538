using Modular.Kernel.Documents;

namespace Modular.Users;

/// <summary>A person. Ids are random (v4): a time-ordered one would betray an anonymous asker.</summary>
internal sealed record User : Document
{
    public string Name { get; init; } = "";

    /// <summary>What a search compares: a database whose locale is C knows the small letters of ASCII only.</summary>
    public string NameKey => Name.ToLowerInvariant();

    public UserKind Kind { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Since when nobody signs in as this person; null for who may.</summary>
    public DateTimeOffset? BannedAt { get; init; }

    public static User Guest(Guid id, string name) => new() { Id = id, Name = name, Kind = UserKind.Guest };

    public static User Member(Guid id, string name) => new() { Id = id, Name = name, Kind = UserKind.Member };

    /// <summary>The guest who has made an account: the same person, so what is theirs stays theirs.</summary>
    public User Registered(string? name) => this with { Kind = UserKind.Member, Name = name ?? Name };
}

internal enum UserKind
{
    Guest,
    Member,
}

/// <summary>A person as the wire shows them to themselves.</summary>
internal sealed record UserView(Guid Id, string Name, UserKind Kind, IReadOnlyList<string> Roles)
{
    public static UserView Of(User user) => new(user.Id, user.Name, user.Kind, user.Roles);
}
