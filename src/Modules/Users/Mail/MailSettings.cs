using System.Net.Mail;

namespace Modular.Users.Mail;

/// <summary><c>Mail:*</c>. Mail is on where there is a server to hand it to or a folder to put it in.</summary>
internal sealed class MailSettings
{
    private const string Unnamed = "Modular <modular@localhost>";

    /// <summary>Who mails come from, with the site's name: <c>Town Hall &lt;no-reply@example.org&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Where mails are put as <c>.eml</c> files as long as there is no server; for development.</summary>
    public string? Folder { get; set; }

    public MailAddress Sender => new(string.IsNullOrEmpty(From) ? Unnamed : From);

    /// <summary>What mails call the site.</summary>
    public string SiteName => Sender.DisplayName is { Length: > 0 } name ? name : "Modular";
}

/// <summary><c>Mail:Smtp:*</c>: the server that takes our mails.</summary>
internal sealed class SmtpSettings
{
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;
}

internal enum SmtpSecurity
{
    None,

    /// <summary>A server that does not offer it, or whose certificate is not trusted for its name, gets no mail.</summary>
    StartTls,
}
