using System.Net.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;

namespace Modular.Users.Mail;

internal static class MailServices
{
    public static void AddMail(this IHostApplicationBuilder host)
    {
        host.AddSettings<MailSettings>("Mail")
            .Validate(
                mail => string.IsNullOrEmpty(mail.From) || MailAddress.TryCreate(mail.From, out _),
                "Mail:From must be an address such as Town Hall <no-reply@example.org>.")
            .Validate<IOptions<SmtpSettings>>(
                (mail, smtp) => string.IsNullOrEmpty(smtp.Value.Host) || !string.IsNullOrEmpty(mail.From),
                "Mail:From is missing: mail through Mail:Smtp:Host needs a sender, for example Town Hall <no-reply@example.org>.")
            .Validate<IOptions<SmtpSettings>, IOptions<PublicSettings>, IHostEnvironment>(
                (mail, smtp, site, environment) => environment.IsDevelopment() || !string.IsNullOrEmpty(site.Value.Url)
                    || (string.IsNullOrEmpty(smtp.Value.Host) && string.IsNullOrEmpty(mail.Folder)),
                "Public:Url is missing: outside development the links in mails need it.");
        host.AddSettings<SmtpSettings>("Mail:Smtp")
            .Validate(smtp => smtp.Port is > 0 and <= 65535, "Mail:Smtp:Port must be a number from 1 to 65535.")
            .Validate(
                smtp => string.IsNullOrEmpty(smtp.User) == string.IsNullOrEmpty(smtp.Password),
                "Mail:Smtp:User and Mail:Smtp:Password go together: set both or neither.")
            .Validate(
                smtp => smtp.Security == SmtpSecurity.StartTls || string.IsNullOrEmpty(smtp.Password),
                "Mail:Smtp:Security is none, so Mail:Smtp:Password would go over the network in the clear: set it to starttls.");

        host.Services.AddSingleton(Sender).AddSingleton<MailRequests>().AddSingleton<MailLinks>().AddSingleton<LinkSignIn>().AddSingleton<OneMail>();
        host.Services.AddHostedService<SendMail>();
    }

    private static IMailSender Sender(IServiceProvider services) =>
        !string.IsNullOrEmpty(services.GetRequiredService<IOptions<SmtpSettings>>().Value.Host) ? ActivatorUtilities.CreateInstance<SmtpSender>(services)
        : !string.IsNullOrEmpty(services.GetRequiredService<IOptions<MailSettings>>().Value.Folder) ? ActivatorUtilities.CreateInstance<FolderSender>(services)
        : new NoSender();
}
