using Modular.Users.Accounts;

namespace Modular.Users.Mail;

/// <summary>Who gets the mail that somebody asked for.</summary>
internal static class MailRule
{
    /// <summary>Mails of one kind to one account within an hour; who asks more often has enough of them.</summary>
    public const int MostInAnHour = 20;

    /// <summary>Of these, what one address may ask for: whoever asks for a stranger's all day must not use up theirs.</summary>
    public const int MostFromOneAddress = 5;

    /// <summary>Null: it is to be sent. Mails to confirm an address are counted where their owner asks for them, and is told (<c>SendVerification</c>).</summary>
    /// <param name="links">All of this kind that were mailed to the account lately.</param>
    public static string? WhyNot(MailRequest request, Account? account, User? user, IReadOnlyList<MailLink> links, DateTimeOffset now) =>
        account is null || user is null ? "nobody has an account with this address"
        : user.BannedAt is not null ? "the account is banned"
        : request.Kind == MailKind.Verify && account.VerifiedAt is not null ? "the address is verified"
        : links.Any(l => l.Id == request.Id && l.EndedAt is not null) ? "an earlier try has arrived, or a newer link has taken its place"
        : request.Kind == MailKind.Reset && links.Any(l => IsNewer(l.Id, request.Id)) ? "a newer link was sent"
        : Within(links, request, now) is var lately && lately.Count >= MostInAnHour ? $"the account got {MostInAnHour} within the hour"
        : request.Kind != MailKind.Verify && lately.Count(l => l.AskedFrom == request.AskedFrom) >= MostFromOneAddress
            ? $"the address that asks got it {MostFromOneAddress} within the hour"
        : null;

    /// <summary>Of two ways to choose a password only the one asked for last is open.</summary>
    public static bool IsReplacedBy(this MailLink link, MailRequest request) =>
        request.Kind == MailKind.Reset && link.EndedAt is null && IsNewer(request.Id, link.Id);

    private static List<MailLink> Within(IReadOnlyList<MailLink> links, MailRequest request, DateTimeOffset now) =>
        [.. links.Where(l => l.Id != request.Id && now - l.CreatedAt < TimeSpan.FromHours(1))];

    /// <summary>Ids begin with the time of asking.</summary>
    private static bool IsNewer(Guid id, Guid than) => id.CompareTo(than) > 0;
}
