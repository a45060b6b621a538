using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class LinkRefusalTests(Town town) : IClassFixture<Town>
{
    private const string Verify = "/api/users/verify";
    private const string Reset = "/api/users/reset";
    private const string Accept = "/api/users/magic-link/accept";

    [Theory]
    [InlineData(Reset, "/api/users/forgot", 60)]
    [InlineData(Accept, "/api/users/magic-link", 5)]
    public async Task A_link_is_good_for_its_time_and_not_longer(string path, string ask, int minutes)
    {
        var (email, _) = await town.AccountAsync();
        var first = await town.MailAsync(ask, email);
        town.Product.Clock.Advance(TimeSpan.FromMinutes(minutes - 1));
        (await UseAsync(path, first.Token)).Must(200);
        var second = await town.MailAsync(ask, email, times: 2);
        town.Product.Clock.Advance(TimeSpan.FromMinutes(minutes));
        (await UseAsync(path, second.Token)).Must(404).Problem.ShouldBe("link-unknown");
    }

    [Fact]
    public async Task A_link_that_confirms_an_address_is_good_for_two_days()
    {
        var (first, second) = ((await town.RegisteredAsync()).Mail, (await town.RegisteredAsync()).Mail);
        town.Product.Clock.Advance(TimeSpan.FromHours(47));
        (await UseAsync(Verify, first.Token)).Must(204);
        town.Product.Clock.Advance(TimeSpan.FromHours(1));
        (await UseAsync(Verify, second.Token)).Must(404).Problem.ShouldBe("link-unknown");
    }

    [Fact]
    public async Task No_link_does_what_another_one_is_for()
    {
        var (email, verify) = await town.RegisteredAsync();
        var reset = await town.MailAsync("/api/users/forgot", email, times: 2);
        var magic = await town.MailAsync("/api/users/magic-link", email, times: 3);
        foreach (var (path, own) in new[] { (Verify, verify), (Reset, reset), (Accept, magic) })
            foreach (var other in new[] { verify, reset, magic }.Where(mail => mail != own))
                (await UseAsync(path, other.Token)).Must(404).Problem.ShouldBe("link-unknown");
        (await UseAsync(Accept, magic.Token)).Must(200);
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Reset)]
    [InlineData(Accept)]
    public async Task A_token_that_is_made_up_or_missing_is_refused(string path)
    {
        (await UseAsync(path, "made-up")).Must(404).Problem.ShouldBe("link-unknown");
        (await UseAsync(path, new string('x', 10_000))).Must(404).Problem.ShouldBe("link-unknown");
        (await UseAsync(path, "")).Must(400).Problem.ShouldBe("token-required");
        (await UseAsync(path, null)).Must(400).Problem.ShouldBe("token-required");
    }

    [Theory]
    [InlineData(Verify, 204)]
    [InlineData(Reset, 200)]
    [InlineData(Accept, 200)]
    public async Task Of_ten_who_use_a_link_at_once_one_succeeds(string path, int success)
    {
        var token = await TokenForAsync(path);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UseAsync(path, token)));
        answers.Count(a => a.Status == success).ShouldBe(1);
        answers.Where(a => a.Status != success).ShouldAllBe(a => a.Problem == "link-unknown");
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Reset)]
    [InlineData(Accept)]
    public async Task A_banned_person_is_told_so_as_at_the_login(string path)
    {
        var token = await TokenForAsync(path);
        await town.Product.Database.RunAsync("""update users."user" set version = version + 1, data = jsonb_set(data, '{bannedAt}', '"2026-01-01T00:00:00Z"') where id = (select (data ->> 'userId')::uuid from users.mail_link order by created_at desc limit 1)""");
        (await UseAsync(path, token)).Must(403).Problem.ShouldBe("banned");
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Reset)]
    [InlineData(Accept)]
    public async Task The_links_of_a_person_who_has_left_lead_nowhere(string path)
    {
        var (email, verify) = await town.RegisteredAsync();
        var token = path == Verify ? verify.Token : (await town.MailAsync(path == Reset ? "/api/users/forgot" : "/api/users/magic-link", email, times: 2)).Token;
        using var ann = await town.SignedInAsync(email);
        (await ann.Delete("/api/users/me")).Must(204);
        (await UseAsync(path, token)).Must(404).Problem.ShouldBe("link-unknown");
        (await town.Product.Database.ScalarAsync<long>("select count(*) from users.mail_link l where not exists (select from users.account a where a.id = (l.data ->> 'userId')::uuid)")).ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_in_the_database_is_a_token_or_the_address_somebody_asked_with()
    {
        var nobody = Town.NewEmail();
        var (email, _) = await town.AccountAsync();
        var token = (await town.MailAsync("/api/users/forgot", email)).Token;
        await town.Server.TroubleAsync(new { times = 1, code = 451 });
        var refused = town.Server.All("refused").Count;
        using var somebody = town.Product.Somebody();
        (await somebody.Post("/api/users/forgot", new { email })).Must(200);
        // Refused, and not only noted: else the trouble waits for another test's mail.
        await town.Server.HearsAsync("refused", refused + 1);
        (await town.WaitingAsync()).ShouldBe(1, "the request waits for its next try");
        (await FoundAsync("mail_link", token) + await FoundAsync("mail_request", email) + await FoundAsync("mail_request", nobody)).ShouldBe(0);
        (await FoundAsync("account", email)).ShouldBe(1, "the search finds what is there");

        Task<long> FoundAsync(string table, string text) => town.Product.Database.ScalarAsync<long>($"select count(*) from users.{table} t where position('{text}' in t::text) > 0");
    }

    private async Task<string> TokenForAsync(string path)
    {
        if (path == Verify)
            return (await town.RegisteredAsync()).Mail.Token;
        var (email, _) = await town.AccountAsync();
        return (await town.MailAsync(path == Reset ? "/api/users/forgot" : "/api/users/magic-link", email)).Token;
    }

    private async Task<Answer> UseAsync(string path, string? token)
    {
        using var somebody = town.Product.Somebody();
        return await somebody.Post(path, path == Reset ? new { token, password = "battery staple" } : new { token });
    }
}
