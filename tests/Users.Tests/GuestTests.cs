using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class GuestTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_guest_is_known_again_by_the_cookie()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { name = " Ann " })).Must(201);
        var me = (await ann.Get("/api/users/me")).Must(200);
        me.Id.ShouldBe(made["user"].GetProperty("id").GetGuid());
        me["name"].GetString().ShouldBe("Ann");
        me["kind"].GetString().ShouldBe("guest");
        me["hasPassword"].GetBoolean().ShouldBeFalse();
        me.Id.Version.ShouldBe(4);
        made.Headers["Set-Cookie"].ShouldContain("httponly", Case.Insensitive);
        made.Headers["Set-Cookie"].ShouldContain("samesite=lax", Case.Insensitive);
    }

    [Fact]
    public async Task A_guest_without_a_name_gets_a_friendly_one()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        made["user"].GetProperty("name").GetString()!.Split(' ').Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_program_is_known_by_its_token()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201);
        made["expiresIn"].GetInt32().ShouldBe(600);
        using var program = new Browser(Product.Address, made["accessToken"].GetString());
        (await program.Get("/api/users/me")).Must(200)["name"].GetString().ShouldBe("Ann");
    }

    [Fact]
    public async Task Nobody_is_not_found_but_asked_to_sign_in()
    {
        using var nobody = Product.Somebody();
        (await nobody.Get("/api/users/me")).Must(401).Problem.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task A_new_name_is_seen_at_once()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201);
        (await ann.Patch("/api/users/me", new { name = "Anna" })).Must(200);
        (await ann.Get("/api/users/me")).Must(200)["name"].GetString().ShouldBe("Anna");
        (await ann.Patch("/api/users/me", new { name = " " })).Must(400).Problem.ShouldBe("name-required");
    }

    [Fact]
    public async Task A_retry_that_lost_the_cookie_is_the_same_guest_for_an_hour()
    {
        var clientId = Guid.NewGuid().ToString();
        var first = await AskAs(clientId);
        (await AskAs(clientId)).ShouldBe(first);
        Product.Clock.Advance(TimeSpan.FromHours(1));
        (await AskAs(clientId)).ShouldNotBe(first);

        async Task<Guid> AskAs(string id)
        {
            using var browser = Product.Somebody();
            var asked = await browser.Post("/api/questions", new { body = "Is this me?", clientId = id });
            asked.Status.ShouldBeOneOf(200, 201);
            return (await browser.Get("/api/users/me")).Must(200).Id;
        }
    }
}
