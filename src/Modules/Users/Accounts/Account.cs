using Modular.Kernel.Documents;

namespace Modular.Users.Accounts;

/// <summary>How a member signs in; its id is the user's. Apart from <see cref="User"/>, which is read for every session.</summary>
internal sealed record Account : Document
{
    /// <summary>As the person wrote it: mail goes there.</summary>
    public string Email { get; init; } = "";

    /// <summary>What two addresses are compared by; see <see cref="KeyOf"/>.</summary>
    public string EmailKey { get; init; } = "";

    /// <summary>Null for who signs in by mailed links only.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>When the person has shown that the address is theirs.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Without the hash, wherever it may be written by mistake.</summary>
    public override string ToString() => $"account {Id}";

    public static Account Of(Guid user, string email, string? passwordHash) =>
        new() { Id = user, Email = email, EmailKey = KeyOf(email), PasswordHash = passwordHash };

    /// <summary>Stays as it is where the person has shown it before.</summary>
    public Account Verified(DateTimeOffset now) => this with { VerifiedAt = VerifiedAt ?? now };

    /// <summary>Providers that tell upper from lower case before the @ are unheard of; people who type a capital are not.</summary>
    public static string KeyOf(string email) => email.ToLowerInvariant();
}
