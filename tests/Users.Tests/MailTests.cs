using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class MailTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task A_mail_arrives_as_a_mail_program_wants_it()
    {
        var (email, _) = await town.AccountAsync();
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        using var ann = town.Product.Somebody();
        (await ann.Post("/api/users/forgot", new { email = $" {email.ToUpperInvariant()} " })).Must(200);
        var mail = await town.Server.MailToAsync(email);

        mail.Header("from").ShouldBe("\"Town Hall\" <no-reply@town.example>");
        mail.Header("to").ShouldBe(email);
        mail.Subject.ShouldBe("A new password for Town Hall");
        mail.Id.ShouldEndWith("@town.example>");
        mail.Header("auto-submitted").ShouldBe("auto-generated");
        DateTimeOffset.Parse(mail.Header("date")!).ShouldBeInRange(before, DateTimeOffset.UtcNow.AddMinutes(1));
        mail.Header("content-type").ShouldBe("text/plain; charset=utf-8");
        mail.Raw.ReplaceLineEndings("\r\n").ShouldBe(mail.Raw, "servers refuse lone line feeds");
        mail.Link.ShouldStartWith("https://ask.town.example/reset#token=");
        mail.Text.ShouldContain("If it was not you, leave this mail alone");
        mail.Raw.ShouldContain(mail.Link);
    }
}
