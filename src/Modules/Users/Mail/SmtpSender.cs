using System.Net;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;

namespace Modular.Users.Mail;

/// <summary>
/// Hands mails to an SMTP server with the framework's client; docs/decisions/0015. One connection a mail. Sent synchronously:
/// the client's asynchronous way blocks a thread of the pool while it waits for the server's last word, and its token does not count there.
/// </summary>
internal sealed class SmtpSender(IOptions<MailSettings> mail, IOptions<SmtpSettings> settings) : IMailSender
{
    /// <summary>Less than the first pause between two tries, so that they never overlap.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public bool IsOn => true;

    public void Send(Letter letter)
    {
        var smtp = settings.Value;
        using var message = letter.From(mail.Value.Sender);
        using var client = new SmtpClient(smtp.Host, smtp.Port)
        {
            EnableSsl = smtp.Security == SmtpSecurity.StartTls,
            Timeout = (int)Patience.TotalMilliseconds,
            // Asked for only where the address needs it: not every server on the way takes it.
            DeliveryFormat = Ascii.IsValid(letter.To) ? SmtpDeliveryFormat.SevenBit : SmtpDeliveryFormat.International,
        };
        if (!string.IsNullOrEmpty(smtp.User))
            client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
        try
        {
            client.Send(message);
        }
        catch (SmtpFailedRecipientException refused) when ((int)refused.StatusCode is >= 500 and < 600 and not (int)SmtpStatusCode.MustIssueStartTlsFirst)
        {
            throw new RecipientRefusedException(refused.Message, refused);
        }
    }
}
