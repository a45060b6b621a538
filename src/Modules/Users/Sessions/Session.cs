using System.Security.Cryptography;
using Modular.Kernel.Documents;

namespace Modular.Users.Sessions;

/// <summary>One sign-in on one device. Cookie and bearer tokens carry its id; it decides whether they still count.</summary>
internal sealed record Session : Document
{
    public Guid UserId { get; init; }

    /// <summary>SHA-256 of the secret in the one refresh token that is good now.</summary>
    public string RefreshHash { get; init; } = "";

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What the person knows it by; see <see cref="Sessions.Device"/>.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// Which cookies and access tokens of it count: those made since the person last proved who they are. A copy of a guest's
    /// cookie must not become that of the member this guest has become since (OWASP, "Renew the session ID after any privilege level change").
    /// </summary>
    public int Generation { get; init; }

    public DateTimeOffset? RaisedAt { get; init; }

    public static Session Start(Guid user, ReadOnlySpan<byte> refreshSecret, DateTimeOffset now, TimeSpan life, string? device) =>
        new() { Id = Guid.CreateVersion7(now), UserId = user, RefreshHash = HashOf(refreshSecret), ExpiresAt = now + life, Device = device };

    public bool HasEnded(DateTimeOffset now) => RevokedAt is not null || ExpiresAt <= now;

    public bool IsDueToBeKept(DateTimeOffset now, TimeSpan life) => ExpiresAt - now < life - TimeSpan.FromDays(1);

    public bool IsRefreshedBy(ReadOnlySpan<byte> secret) => string.Equals(RefreshHash, HashOf(secret), StringComparison.Ordinal);

    public Session Refreshed(ReadOnlySpan<byte> nextSecret, DateTimeOffset now, TimeSpan life) =>
        this with { RefreshHash = HashOf(nextSecret), ExpiresAt = now + life };

    /// <summary>The person has proved who they are: what was made before ends soon.</summary>
    public Session Raised(DateTimeOffset now) => this with { Generation = Generation + 1, RaisedAt = now };

    public Session Revoked(DateTimeOffset now) => this with { RevokedAt = now };

    private static string HashOf(ReadOnlySpan<byte> secret) => Convert.ToHexString(SHA256.HashData(secret));
}
