using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;

namespace Modular.Users.Tests.Accounts;

public sealed class LoginTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task An_unknown_address_and_a_wrong_password_get_one_answer_after_one_hash_each()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        using var measured = new Measured(Product.Services);
        using var stranger = Product.Somebody();

        var unknown = (await stranger.Login(Person.AnyEmail())).Must(401);
        measured.Sum("modular.users.passwords_hashed").ShouldBe(1);
        var wrong = (await stranger.Login(email, "not the password")).Must(401);
        measured.Sum("modular.users.passwords_hashed").ShouldBe(2);

        unknown.Problem.ShouldBe("sign-in-failed");
        Told(unknown).ShouldBe(Told(wrong));
        unknown.Headers.Keys.Order().ShouldBe(wrong.Headers.Keys.Order());
        stranger.Cookies.Count.ShouldBe(0);

        static string Told(Answer answer) => answer.Text.Replace(answer["requestId"].GetString()!, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_people_with_one_password_have_two_hashes_and_no_answer_has_either()
    {
        var (one, two) = (Person.AnyEmail(), Person.AnyEmail());
        using var ann = Product.Somebody();
        using var bea = Product.Somebody();
        Answer[] answers = [await ann.Registers(one), await bea.Registers(two), await ann.Get("/api/users/me")];

        var hashes = await Task.WhenAll(new[] { one, two }.Select(email =>
            Product.Database.ScalarAsync<string>($"select data ->> 'passwordHash' from users.account where data ->> 'emailKey' = '{email}'")));
        hashes.ShouldAllBe(hash => hash!.Length > 50);
        hashes[0].ShouldNotBe(hashes[1]);
        answers.ShouldAllBe(answer => !answer.Text.Contains(hashes[0]!) && !answer.Text.Contains("passwordHash"));
    }

    [Fact]
    public async Task A_dead_cookie_does_not_keep_anybody_from_signing_in()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        using var thisDevice = Product.Somebody();
        thisDevice.Cookies.Add(Product.Address, new System.Net.Cookie("modular", "of-long-ago"));
        (await thisDevice.Login(email)).Must(200);
        (await thisDevice.Get("/api/users/me")).Must(200)["email"].GetString().ShouldBe(email);
    }

    [Fact]
    public async Task A_banned_person_learns_of_it_only_with_the_right_password()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        await Product.Database.RunAsync("update users.user set data = jsonb_set(data, '{bannedAt}', to_jsonb(now())), version = version + 1 " +
            $"where id = (select id from users.account where data ->> 'emailKey' = '{email}')");
        using var again = Product.Somebody();
        (await again.Login(email, "not the password")).Must(401).Problem.ShouldBe("sign-in-failed");
        (await again.Login(email)).Must(403).Problem.ShouldBe("banned");
        again.Cookies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_password_that_was_hashed_an_older_way_is_hashed_anew_when_it_is_used()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        var old = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(
            new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(new(), Person.Password);
        await Product.Database.RunAsync(
            $"update users.account set data = jsonb_set(data, '{{passwordHash}}', to_jsonb('{old}'::text)) where data ->> 'emailKey' = '{email}'");

        (await kim.Login(email)).Must(200);

        var now = await Product.Database.ScalarAsync<string>($"select data ->> 'passwordHash' from users.account where data ->> 'emailKey' = '{email}'");
        now.ShouldNotBe(old);
        (await kim.Login(email)).Must(200);
    }

    [Fact]
    public async Task A_password_that_is_longer_than_anybody_may_choose_is_wrong_after_the_same_work()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        var tooLong = string.Concat(Enumerable.Repeat("horse", 41));
        var hash = await Product.Services.GetRequiredService<Users.Accounts.Passwords>().HashAsync(tooLong, from: null, TestContext.Current.CancellationToken);
        await Product.Database.RunAsync($"update users.account set data = jsonb_set(data, '{{passwordHash}}', to_jsonb('{hash}'::text)) where data ->> 'emailKey' = '{email}'");
        using var measured = new Measured(Product.Services);

        (await kim.Login(email, tooLong)).Must(401).Problem.ShouldBe("sign-in-failed");

        measured.Sum("modular.users.passwords_hashed").ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/users/login")]
    [InlineData("/api/users/register")]
    [InlineData("/api/users/reset")]
    [InlineData("/api/users/forgot")]
    public async Task Nobody_sends_more_than_such_a_request_needs(string path)
    {
        using var nobody = Product.Somebody();
        (await nobody.Post(path, new { email = "kim", padding = new string('x', 16_000) })).Must(400);
        (await nobody.Post(path, new { email = "kim", padding = new string('x', 16_384) })).Must(413).Problem.ShouldBe("too-large");
    }

    [Theory]
    [InlineData(null, "x", "email-required")]
    [InlineData("kim", "x", "email-invalid")]
    [InlineData("kim@example.org", "", "password-required")]
    public async Task What_cannot_be_right_is_not_looked_up(string? email, string password, string type)
    {
        using var measured = new Measured(Product.Services);
        using var nobody = Product.Somebody();
        (await nobody.Post("/api/users/login", new { email, password })).Must(400).Problem.ShouldBe(type);
        measured.Sum("modular.users.passwords_hashed").ShouldBe(0);
    }
}
