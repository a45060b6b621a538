using System.Net.Mail;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Accounts;

/// <summary>An address that mail can be sent to, without a name before it.</summary>
internal static class EmailAddress
{
    /// <summary>RFC 5321, 4.5.3.1.3, without the angle brackets.</summary>
    private const int Longest = 254;

    public static Refused? Wrong(string? email) => email?.Trim() switch
    {
        null or "" => Refused.Input("email-required", "email", "E-mail is required"),
        { } text when !IsAddress(text) => Refused.Input("email-invalid", "email", "E-mail is not an address such as kim@example.org"),
        _ => null,
    };

    /// <summary>The address as it is kept. Only for what is not <see cref="Wrong"/>.</summary>
    public static string Kept(string email) => email.Trim();

    public static async Task<Account?> FindAccountAsync(this IDocumentSession session, string email, CancellationToken ct) =>
        await session.QueryAsync<Account>($"where email_key = {Account.KeyOf(Kept(email))}", ct) is [var account] ? account : null;

    private static bool IsAddress(string text) =>
        text.Length <= Longest
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"' or ',' or ';' or '(' or ')')
        && MailAddress.TryCreate(text, out var address)
        && string.Equals(address.Address, text, StringComparison.Ordinal);
}
