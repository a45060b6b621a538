using Modular.Users.Accounts;

namespace Modular.Users.Mail;

/// <summary>Who gets the mail that somebody asked for.</summary>
internal static class MailRule
{
    /// <summary>Mails of one kind to one account within an hour; who asks more often has enough of them.</summary>
    public const int MostInAnHour = 5;

    /// <summary>Null: it is to be sent.</summary>
    /// <param name="links">All of this kind that were mailed to the account lately.</param>
    public static string? WhyNot(MailRequest request, Account? account, User? user, IReadOnlyList<MailLink> links, DateTimeOffset now) =>
        account is null || user is null ? "nobody has an account with this address"
        : user.BannedAt is not null ? "the account is banned"
        : request.Kind == MailKind.Verify && account.VerifiedAt is not null ? "the address is verified"
        : links.Any(l => l.Id == request.Id && l.EndedAt is not null) ? "an earlier try has arrived, or a newer link has taken its place"
        : request.Kind == MailKind.Reset && links.Any(l => IsNewer(l.Id, request.Id)) ? "a newer link was sent"
        : links.Count(l => l.Id != request.Id && now - l.CreatedAt < TimeSpan.FromHours(1)) >= MostInAnHour ? $"the account got {MostInAnHour} within the hour"
        : null;

    /// <summary>Of two ways to choose a password only the one asked for last is open.</summary>
    public static bool IsReplacedBy(this MailLink link, MailRequest request) =>
        request.Kind == MailKind.Reset && link.EndedAt is null && IsNewer(request.Id, link.Id);

    /// <summary>Ids begin with the time of asking.</summary>
    private static bool IsNewer(Guid id, Guid than) => id.CompareTo(than) > 0;
}
