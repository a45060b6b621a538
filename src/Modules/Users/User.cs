using Modular.Kernel.Documents;

namespace Modular.Users;

/// <summary>A person. Ids are random (v4): a time-ordered one would betray an anonymous asker.</summary>
internal sealed record User : Document
{
    public string Name { get; init; } = "";

    public UserKind Kind { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public static User Guest(Guid id, string name) => new() { Id = id, Name = name, Kind = UserKind.Guest };
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
