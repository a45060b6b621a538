namespace Modular.Users;

/// <summary>The section <c>Modules:Users</c>.</summary>
internal sealed class UsersOptions
{
    /// <summary>Seals the data-protection keys in the database and derives the ids of retried guests. Equal on all replicas.</summary>
    public string? Secret { get; init; }

    /// <summary>How long a person stays known without coming back.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromDays(180);

    public TimeSpan AccessTokenLife { get; init; } = TimeSpan.FromMinutes(10);
}
