using System.Security.Cryptography;
using System.Text;
using Modular.Kernel.Documents;

namespace Modular.Users.Mail;

/// <summary>A link that was mailed; its id is the request's, so a second try at sending is about the same one. Kept for a while after its end.</summary>
internal sealed record MailLink : Document
{
    /// <summary>The mail of the longest patience is sent last after a day, and its link is good for two more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(4);

    public Guid UserId { get; init; }

    public MailKind Kind { get; init; }

    /// <inheritdoc cref="MailRequest.AskedFrom"/>
    public string? AskedFrom { get; init; }

    /// <summary>SHA-256 of the token, which stands in the mail alone.</summary>
    public string TokenHash { get; init; } = "";

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, or a newer one took its place.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset KeptUntil { get; init; }

    public static MailLink For(MailRequest request, Guid user, string token, DateTimeOffset now) => new()
    {
        Id = request.Id,
        UserId = user,
        Kind = request.Kind,
        AskedFrom = request.AskedFrom,
        TokenHash = HashOf(token),
        ExpiresAt = now + request.Kind.Life(),
        KeptUntil = now + Kept,
    };

    public bool IsGood(DateTimeOffset now) => EndedAt is null && ExpiresAt > now;

    /// <summary>Its time begins when the mail leaves.</summary>
    public MailLink SentAgain(DateTimeOffset now) => this with { ExpiresAt = now + Kind.Life() };

    public MailLink Ended(DateTimeOffset now) => this with { EndedAt = now };

    public static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
