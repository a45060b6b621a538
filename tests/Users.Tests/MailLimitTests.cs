using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

/// <summary>How often somebody is written to, and that nobody uses that up for somebody else.</summary>
public sealed class MailLimitTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task Whoever_keeps_asking_for_a_strangers_links_does_not_keep_them_from_their_own()
    {
        var (email, _) = await town.AccountAsync();
        for (var asked = 0; asked < 6; asked++)
            await AskAsync(email, "203.0.113.7");
        town.Server.Mails.Count(m => m.Recipients[0] == email).ShouldBe(5);

        await AskAsync(email, "198.51.100.1");

        await town.Server.MailToAsync(email, times: 6);
        foreach (var table in new[] { "mail_request", "mail_link" })
            (await town.Product.Database.ScalarAsync<long>($"select count(*) from users.{table} t where t::text like '%203.0.113%' or t::text like '%198.51.100%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_has_their_link_mailed_too_often_is_told_when_there_is_another_one()
    {
        await using var product = await Town.StartAsync(town.Server, null, "--Limits:Enabled=true");
        using var ann = product.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        for (var times = 1; times <= 5; times++)
        {
            var mailed = (await ann.Post("/api/users/verify/resend")).Must(204);
            (mailed.Headers["RateLimit-Limit"], mailed.Headers["RateLimit-Remaining"]).ShouldBe(("5", $"{5 - times}"));
        }

        var refused = (await ann.Post("/api/users/verify/resend")).Must(429);

        refused.Problem.ShouldBe("too-many-attempts");
        int.Parse(refused.Headers["Retry-After"]).ShouldBeInRange(3500, 3600);
        refused.Headers["RateLimit-Remaining"].ShouldBe("0");
        await town.Server.MailToAsync(email, times: 6);      // none of those it said yes to was dropped
        product.Clock.Advance(TimeSpan.FromHours(1));
        (await ann.Post("/api/users/verify/resend")).Must(204);
    }

    /// <summary>Until it is sent or dropped.</summary>
    private async Task AskAsync(string email, string from)
    {
        using var somebody = town.Product.Somebody();
        (await somebody.Send(HttpMethod.Post, "/api/users/magic-link", new { email }, ("X-Forwarded-For", from))).Must(200);
        await Eventually.Is(async () => await town.WaitingAsync() == 0, what: "nothing waits to be sent");
    }
}
