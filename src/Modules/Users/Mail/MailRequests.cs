using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Accounts;
using Modular.Users.Keys;

namespace Modular.Users.Mail;

/// <summary>How the rest of the module has mails sent: noted in the caller's own commit, so none is lost and none is sent for what did not happen.</summary>
internal sealed class MailRequests(IDataProtectionProvider protection, IMailSender sender, SharedSecret secret, TimeProvider clock)
{
    private readonly IDataProtector seal = protection.CreateProtector("Modular.Users.Mail");

    public static Refused Off => Refused.Conflict("mail-off", "This site sends no mail. Ask the people who run it for help.");

    public bool AreOff => !sender.IsOn;

    /// <summary>Asks the person to show that the address is theirs. Without mail nothing is asked.</summary>
    public void Verify(IDocumentSession work, Account account, HttpContext http)
    {
        if (sender.IsOn)
            Add(work, MailKind.Verify, account.Email, http);
    }

    public void Add(IDocumentSession work, MailKind kind, string email, HttpContext http) =>
        work.Insert(MailRequest.For(kind, seal.Protect(Encoding.UTF8.GetBytes(EmailAddress.Kept(email))), Hash(ClientAddress.Of(http)), clock.GetUtcNow()));

    /// <summary>Null where the key it was sealed with is gone.</summary>
    public string? AddressOf(MailRequest request)
    {
        try
        {
            return Encoding.UTF8.GetString(seal.Unprotect(request.Sealed));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private string Hash(string from) => Convert.ToHexString(HMACSHA256.HashData(secret.Key("mail-asking"), Encoding.UTF8.GetBytes(from)));
}
