using System.Net.Mail;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;

namespace Modular.Users.Mail;

/// <summary>Puts mails into a folder, a file each; in development their links are shown in the log, too.</summary>
internal sealed class FolderSender : IMailSender
{
    private readonly MailSettings settings;
    private readonly bool shows;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    public FolderSender(IOptions<MailSettings> settings, IHostEnvironment environment, TimeProvider clock, ILogger<FolderSender> log)
    {
        (this.settings, shows, this.clock, this.log) = (settings.Value, environment.IsDevelopment(), clock, log);
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new RefusedToRunException($"Mail:Folder cannot be used: {unusable.Message}");
        }
    }

    public bool IsOn => true;

    private string Folder => Path.GetFullPath(settings.Folder!);

    public void Send(Letter letter)
    {
        // The client names the file and writes it bit by bit: whoever looks into the folder sees whole mails only.
        var aside = Directory.CreateTempSubdirectory("modular-mail-").FullName;
        using var message = letter.From(settings.Sender);
        using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = aside };
        client.Send(message);
        var written = Directory.EnumerateFiles(aside).Single();
        var file = Path.Combine(Folder, $"{clock.GetUtcNow():yyyyMMdd-HHmmss}-{Path.GetFileName(written)}");
        File.Move(written, file);
        Directory.Delete(aside);
        if (shows)
            log.LogInformation("Mail to {To}: {Subject}: {Link} (in {File})", letter.To, letter.Subject, letter.Link, file);
    }
}
