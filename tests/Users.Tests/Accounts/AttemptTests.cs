using Modular.Testing;

namespace Modular.Users.Tests.Accounts;

/// <summary>Tries are counted in Postgres: two products on one database are two replicas.</summary>
public sealed class AttemptTests
{
    private const string Behind = "--Proxies:Known:0=127.0.0.1";

    [Fact]
    public async Task After_ten_wrong_passwords_nobody_tries_from_that_address_and_the_owner_elsewhere_signs_in()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", Behind);
        var email = Person.AnyEmail();
        using var owner = product.Somebody();
        await owner.Registers(email);
        product.Clock.Stop();
        using var attacker = product.Somebody();

        for (var tried = 1; tried <= 10; tried++)
        {
            var refused = (await From("203.0.113.7", attacker, email, "a guess")).Must(401);
            refused.Headers["RateLimit-Limit"].ShouldBe("10");
            refused.Headers["RateLimit-Remaining"].ShouldBe($"{10 - tried}");
        }

        using var measured = new Measured(product.Services);
        var locked = (await From("203.0.113.7", attacker, email, Person.Password)).Must(429);
        locked.Problem.ShouldBe("too-many-attempts");
        int.Parse(locked.Headers["Retry-After"]).ShouldBe(900);
        measured.Sum("modular.users.passwords_hashed").ShouldBe(0);
        (await From("198.51.100.1", owner, email, Person.Password)).Must(200);
        (await From("203.0.113.7", attacker, Person.AnyEmail(), "a guess")).Must(401);      // another account
    }

    [Fact]
    public async Task The_tries_on_all_replicas_count_together_and_of_thirty_at_once_ten_are_looked_at()
    {
        await using var one = await Product.StartAsync(null, "--Limits:Enabled=true", "--Limits:SignIn:Burst=100");
        var email = Person.AnyEmail();
        using var owner = one.Somebody();
        await owner.Registers(email);
        using var measured = new Measured(one.Services);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async n =>
        {
            using var attacker = one.Somebody();
            return (await attacker.Login(email, $"guess {n}")).Status;
        }));

        answers.Count(status => status == 401).ShouldBe(10);
        answers.Count(status => status == 429).ShouldBe(20);
        measured.Sum("modular.users.passwords_hashed").ShouldBe(10);
    }

    [Fact]
    public async Task Right_passwords_are_not_counted_and_the_time_heals()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", "--Limits:SignInAttempts:Permits=2");
        var email = Person.AnyEmail();
        using var kim = product.Somebody();
        await kim.Registers(email);
        for (var times = 0; times < 4; times++)
            (await kim.Login(email)).Must(200);
        (await kim.Login(email, "a slip")).Must(401);
        (await kim.Login(email, "a slip")).Must(401);
        (await kim.Login(email)).Must(429);
        product.Clock.Advance(TimeSpan.FromMinutes(15));
        (await kim.Login(email)).Must(200);
    }

    [Fact]
    public async Task Who_asks_for_taken_addresses_learns_of_five_an_hour()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", Behind);
        var emails = Enumerable.Range(0, 6).Select(_ => Person.AnyEmail()).ToArray();
        foreach (var email in emails)
        {
            using var kim = product.Somebody();
            await kim.Registers(email);
        }

        using var curious = product.Somebody();
        foreach (var email in emails[..5])
            (await RegisterFrom("203.0.113.7", curious, email)).Must(409);
        (await RegisterFrom("203.0.113.7", curious, emails[5])).Must(429).Problem.ShouldBe("too-many-attempts");
        (await RegisterFrom("203.0.113.7", curious, Person.AnyEmail())).Must(429).Headers["Retry-After"].ShouldNotBeNullOrEmpty();
        (await RegisterFrom("198.51.100.1", curious, Person.AnyEmail())).Must(201);
    }

    [Fact]
    public async Task When_too_many_wait_for_their_password_to_be_hashed_others_are_told_to_come_back()
    {
        await using var product = await Product.StartAsync(null, "--Modules:Users:MostPasswordsWaiting=2");
        var email = Person.AnyEmail();
        using var owner = product.Somebody();
        await owner.Registers(email);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var kim = product.Somebody();
            return await kim.Login(email);
        }));
        answers.ShouldContain(a => a.Status == 200);
        var sentAway = answers.Where(a => a.Status != 200).ToList();
        sentAway.ShouldNotBeEmpty();
        sentAway.ShouldAllBe(a => a.Status == 503 && a.Problem == "busy" && a.Headers.ContainsKey("Retry-After"));
        (await owner.Login(email)).Must(200);
    }

    private static Task<Answer> From(string address, Browser browser, string email, string password) =>
        browser.Send(HttpMethod.Post, "/api/users/login", new { email, password }, ("X-Forwarded-For", address));

    private static Task<Answer> RegisterFrom(string address, Browser browser, string email) =>
        browser.Send(HttpMethod.Post, "/api/users/register", new { email, password = Person.Password }, ("X-Forwarded-For", address));
}
