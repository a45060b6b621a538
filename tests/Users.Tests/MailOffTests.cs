using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class MailOffTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    [Fact]
    public async Task Where_mail_is_off_everybody_is_told_so_and_people_register_all_the_same()
    {
        using var ann = running.Product.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        (await ann.Post("/api/users/verify/resend")).Must(409).Problem.ShouldBe("mail-off");
        foreach (var path in new[] { "/api/users/forgot", "/api/users/magic-link" })
        {
            var known = (await ann.Post(path, new { email })).Must(409);
            known.Problem.ShouldBe("mail-off");
            known.Headers.Keys.ShouldNotContain("Retry-After", "it stays so");
            var unknown = await ann.Post(path, new { email = Town.NewEmail() });
            unknown["detail"].GetString().ShouldBe(known["detail"].GetString());
            (unknown.Status, unknown.Problem).ShouldBe((known.Status, known.Problem));
        }

        (await running.Product.Database.ScalarAsync<long>("select count(*) from users.mail_request")).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_without_an_address_is_told_what_is_wrong()
    {
        using var ann = running.Product.Somebody();
        (await ann.Post("/api/users/forgot", new { })).Must(400).Problem.ShouldBe("email-required");
        (await ann.Post("/api/users/magic-link", new { email = "nowhere" })).Must(400).Problem.ShouldBe("email-invalid");
    }
}
