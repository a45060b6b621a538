using Modular.Testing;

namespace Modular.Users.Tests.Accounts;

public sealed class PasswordTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private const string Next = "a better one, longer";

    private Product Product => running.Product;

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_all_other_sessions()
    {
        var email = Person.AnyEmail();
        using var here = Product.Somebody();
        await here.Registers(email);
        using var elsewhere = Product.Somebody();
        (await elsewhere.Login(email)).Must(200);

        (await here.Put("/api/users/me/password", new { current = Person.Password, password = Next })).Must(204);

        (await here.Get("/api/users/me")).Must(200);
        (await elsewhere.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        using var later = Product.Somebody();
        (await later.Login(email)).Must(401).Problem.ShouldBe("sign-in-failed");
        (await later.Login(email, Next)).Must(200);
    }

    [Fact]
    public async Task Whoever_finds_the_phone_does_not_change_the_password()
    {
        using var kim = Product.Somebody();
        await kim.Registers(Person.AnyEmail());
        (await kim.Put("/api/users/me/password", new { password = Next })).Must(400).Problem.ShouldBe("current-required");
        (await kim.Put("/api/users/me/password", new { current = "a guess", password = Next })).Must(403).Problem.ShouldBe("password-wrong");
        (await kim.Put("/api/users/me/password", new { current = Person.Password, password = "short" })).Must(400).Problem.ShouldBe("password-too-short");
    }

    [Fact]
    public async Task Guesses_at_the_current_password_are_counted_with_those_at_the_door()
    {
        await using var product = await Product.StartAsync(null, "--Limits:Enabled=true", "--Limits:SignInAttempts:Permits=3");
        var email = Person.AnyEmail();
        using var kim = product.Somebody();
        await kim.Registers(email);
        for (var tried = 0; tried < 2; tried++)
            (await kim.Put("/api/users/me/password", new { current = "a guess", password = Next })).Must(403);
        using var other = product.Somebody();
        (await other.Login(email, "a guess")).Must(401);
        (await kim.Put("/api/users/me/password", new { current = Person.Password, password = Next })).Must(429).Problem.ShouldBe("too-many-attempts");
    }

    [Fact]
    public async Task A_guest_has_no_password_to_change()
    {
        using var guest = Product.Somebody();
        (await guest.Post("/api/users/guests", new { })).Must(201);
        (await guest.Put("/api/users/me/password", new { password = Next })).Must(403).Problem.ShouldBe("members-only");
    }
}
