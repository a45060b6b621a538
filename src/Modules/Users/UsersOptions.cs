namespace Modular.Users;

/// <summary>The section <c>Modules:Users</c>.</summary>
internal sealed class UsersOptions
{
    /// <summary>Seals the data-protection keys in the database and derives the ids of retried guests. Equal on all replicas.</summary>
    public string? Secret { get; init; }

    /// <summary>How long a person stays known without coming back.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromDays(180);

    /// <summary>How many may wait for their password to be hashed, about 50 ms each, half of them from one address; more are told to come back.</summary>
    public int MostPasswordsWaiting { get; init; } = 50;

    /// <summary>How many are hashed at once: more sign-ins a second, and as many processors less for everything else.</summary>
    public int PasswordsAtOnce { get; init; } = 1;

    public TimeSpan AccessTokenLife { get; init; } = TimeSpan.FromMinutes(10);
}
