using System.Net.Mail;

namespace Modular.Users.Mail;

/// <summary>The way mails leave by; another client or a provider's API would be another one of these.</summary>
internal interface IMailSender
{
    /// <summary>False: there is no way, so nothing may be promised.</summary>
    bool IsOn { get; }

    /// <summary>Returns when somebody else is answerable for the mail. Blocks: run it on a thread that may wait.</summary>
    /// <exception cref="RecipientRefusedException">There is no such mailbox; trying again does not help.</exception>
    /// <exception cref="Exception">Everything else: it may help, and the mail may have gone all the same.</exception>
    void Send(Letter letter);
}

internal sealed class RecipientRefusedException(string message, Exception inner) : Exception(message, inner);

/// <param name="Id">The same for every try, so that a mail sent twice is one mail to whoever looks.</param>
/// <param name="Link">Also in the text.</param>
internal sealed record Letter(Guid Id, string To, string Subject, string Text, Uri Link)
{
    /// <summary>Without the link, wherever it may be written by mistake.</summary>
    public override string ToString() => $"mail {Id}";

    public MailMessage From(MailAddress sender)
    {
        // Servers refuse lone line feeds; with seven bits nothing in the link is escaped, so the file can be read as it is.
        var message = new MailMessage
        {
            From = sender,
            Subject = Subject,
            SubjectEncoding = System.Text.Encoding.UTF8,
            Body = Text.ReplaceLineEndings("\r\n"),
            BodyEncoding = System.Text.Encoding.UTF8,
            BodyTransferEncoding = System.Text.Ascii.IsValid(Text) ? System.Net.Mime.TransferEncoding.SevenBit : System.Net.Mime.TransferEncoding.QuotedPrintable,
        };
        message.To.Add(Only(To));
        message.Headers.Add("Message-ID", $"<{Id:n}@{sender.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>Read as it stands, or not at all: the framework would take "a@x, b@y" for a name and an address.</summary>
    private static MailAddress Only(string address) =>
        new MailAddress(address) is var read && string.Equals(read.Address, address, StringComparison.Ordinal) ? read : throw new FormatException("This is not one address.");
}

/// <summary>Mail is off.</summary>
internal sealed class NoSender : IMailSender
{
    public bool IsOn => false;

    public void Send(Letter letter) => throw new InvalidOperationException("Mail is off.");
}
