using Modular.Testing;
using Modular.Users.Tests.Accounts;

namespace Modular.Users.Tests;

/// <summary>Whoever has proved who they are shares nothing with copies of what they were.</summary>
public sealed class GenerationTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private Product Product => running.Product;

    [Fact]
    public async Task A_copy_of_a_guests_cookie_does_not_become_that_of_the_member()
    {
        using var tablet = Product.Somebody();
        (await tablet.Post("/api/users/guests")).Must(201);
        var copy = CookieOf(tablet);
        await tablet.Registers(Person.AnyEmail());

        (await WithCookie(copy)).Must(200);      // a request that was under way
        Product.Clock.Advance(Grace);
        (await WithCookie(copy)).Must(401).Problem.ShouldBe("session-ended");
        (await tablet.Get("/api/users/me")).Must(200)["kind"].GetString().ShouldBe("member");
    }

    [Fact]
    public async Task A_guests_token_says_that_it_has_expired_once_the_guest_is_a_member()
    {
        using var tablet = Product.Somebody();
        var guest = (await tablet.Post("/api/users/guests")).Must(201);
        await tablet.Registers(Person.AnyEmail());
        Product.Clock.Advance(Grace);

        using var program = Product.WithToken(guest);
        (await program.Get("/api/users/me")).Must(401).Problem.ShouldBe("token-expired");
        (await program.Post("/api/users/refresh", new { refreshToken = guest["refreshToken"].GetString() })).Must(401);
    }

    [Fact]
    public async Task A_new_password_puts_out_who_has_a_copy_of_this_very_cookie()
    {
        using var kim = Product.Somebody();
        var member = await kim.Registers(Person.AnyEmail());
        var copy = CookieOf(kim);
        (await kim.Put("/api/users/me/password", new { current = Person.Password, password = "a better one, longer" })).Must(204);
        Product.Clock.Advance(Grace);

        (await WithCookie(copy)).Must(401).Problem.ShouldBe("session-ended");
        (await kim.Get("/api/users/me")).Must(200);
        using var program = Product.WithToken(member);
        (await program.Get("/api/users/me")).Must(401).Problem.ShouldBe("token-expired");
        var renewed = (await program.Post("/api/users/refresh", new { refreshToken = member["refreshToken"].GetString() })).Must(200);
        using var goesOn = Product.WithToken(renewed);
        (await goesOn.Get("/api/users/me")).Must(200);
    }

    [Fact]
    public async Task A_new_password_sets_no_cookie_for_a_program()
    {
        using var kim = Product.Somebody();
        using var program = Product.WithToken(await kim.Registers(Person.AnyEmail()));
        (await program.Put("/api/users/me/password", new { current = Person.Password, password = "a better one, longer" })).Must(204)
            .Headers.Keys.ShouldNotContain("Set-Cookie");
    }

    [Fact]
    public async Task Signing_in_where_one_is_signed_in_goes_on_in_that_session()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        var session = await kim.SessionAsync();
        var copy = CookieOf(kim);

        (await kim.Login(email)).Must(200);

        (await kim.SessionAsync()).ShouldBe(session);
        (await kim.Get("/api/users/me/sessions")).Must(200).Items.Count.ShouldBe(1);
        Product.Clock.Advance(Grace);
        (await WithCookie(copy)).Must(401).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Signing_in_where_somebody_else_is_signed_in_leaves_theirs_alone()
    {
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        await kim.Registers(email);
        using var tablet = Product.Somebody();
        (await tablet.Post("/api/users/guests")).Must(201);
        var guest = CookieOf(tablet);

        (await tablet.Login(email)).Must(200);

        Product.Clock.Advance(Grace);
        (await WithCookie(guest)).Must(200)["kind"].GetString().ShouldBe("guest");
        (await kim.Get("/api/users/me/sessions")).Must(200).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_dead_token_beside_a_living_cookie_takes_nothing_from_it()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/users/guests")).Must(201);
        var refused = (await ann.Get("/api/users/me", ("Authorization", "Bearer made-up"))).Must(401);
        refused.Problem.ShouldBe("token-invalid");
        refused.Headers.Keys.ShouldNotContain("Set-Cookie");
        (await ann.Get("/api/users/me")).Must(200);
    }

    private string CookieOf(Browser browser) => browser.Cookies.GetCookieHeader(Product.Address);

    private async Task<Answer> WithCookie(string cookie)
    {
        using var somebody = new Browser(Product.Address, keepsCookies: false);
        return await somebody.Get("/api/users/me", ("Cookie", cookie));
    }
}
