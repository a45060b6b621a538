using System.Diagnostics;
using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class GuestLimitTests : IAsyncLifetime
{
    private const int Burst = 1000;
    private const int EachSecond = 5;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_venue_of_five_hundred_gets_in_at_once_and_a_flood_does_not()
    {
        await using var product = await LimitedAsync();
        var began = Stopwatch.GetTimestamp();
        (await JoinAsync(product, 500)).ShouldAllBe(a => a.Status == 201);
        var flood = await JoinAsync(product, 1500);
        var (allowed, took) = (flood.Count(a => a.Status == 201), Stopwatch.GetElapsedTime(began));
        allowed.ShouldBeInRange(Burst - 500, (int)(Burst - 500 + EachSecond * took.TotalSeconds + 1));
        flood.Count(a => a.Status == 429).ShouldBe(1500 - allowed);
        var refused = flood.First(a => a.Status == 429);
        refused.Problem.ShouldBe("too-many-requests");
        refused["detail"].GetString().ShouldBe("That was too much at once. Try again in a second.");
        refused.Headers["Retry-After"].ShouldBe("1");
        refused.Headers["RateLimit-Limit"].ShouldBe("1000");
        refused.Headers["RateLimit-Remaining"].ShouldBe("0");
        (await GuestsAsync()).ShouldBe(500 + allowed, "who is refused is nobody");
    }

    [Fact]
    public async Task Every_call_that_makes_a_guest_takes_from_the_same_budget_and_people_who_are_known_are_free()
    {
        await using var product = await LimitedAsync("--Limits:Guests:Burst=2", "--Limits:Guests:Per=01:00:00");
        using var ann = product.Somebody();
        (await ann.Post("/api/users/guests")).Must(201).Headers["RateLimit-Remaining"].ShouldBe("1");
        using var bob = product.Somebody();
        (await bob.Post("/api/questions", new { body = "Why?" })).Must(201);
        foreach (var path in new[] { "/api/users/guests", "/api/questions", "/api/rooms", "/api/rooms/LOBBY/enter" })
        {
            using var late = product.Somebody();
            (await late.Post(path, new { body = "And?", title = "Mine" })).Must(429).Problem.ShouldBe("too-many-requests");
            late.Cookies.GetAllCookies().ShouldBeEmpty();
        }

        (await ann.Post("/api/questions", new { body = "How?" })).Must(201);
        (await GuestsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_retry_that_lost_its_cookie_takes_no_second_guest()
    {
        await using var product = await LimitedAsync("--Limits:Guests:Burst=2", "--Limits:Guests:Per=01:00:00");
        for (var n = 0; n < 4; n++)
        {
            using var same = product.Somebody();
            (await same.Post("/api/questions", new { body = "Why?", clientId = "the same each time" })).Must(n == 0 ? 201 : 200);
        }

        using var other = product.Somebody();
        (await other.Post("/api/users/guests")).Must(201);
        using var late = product.Somebody();
        (await late.Post("/api/users/guests")).Must(429);
    }

    [Fact]
    public async Task Addresses_behind_our_proxy_have_budgets_of_their_own_and_what_others_forge_does_not_count()
    {
        string[] narrow = ["--Limits:Guests:Burst=1", "--Limits:Guests:Per=01:00:00"];
        await using (var behind = await LimitedAsync([.. narrow, "--Proxies:Known:0=127.0.0.1"]))
        {
            foreach (var address in new[] { "203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8:0:1::1" })
                (await JoinAsync(behind, address)).Must(201);
            foreach (var address in new[] { "203.0.113.1", "203.0.113.9, 203.0.113.2", "2001:db8::2" })
                (await JoinAsync(behind, address)).Must(429);
        }

        await using var bare = await LimitedAsync(narrow);
        (await JoinAsync(bare, "203.0.113.1")).Must(201);
        (await JoinAsync(bare, "203.0.113.2")).Must(429);
    }

    private Task<Product> LimitedAsync(params string[] settings) => Product.StartAsync(database, ["--Limits:Enabled=true", .. settings]);

    private Task<long> GuestsAsync() => database.ScalarAsync<long>("""select count(*) from users."user" """);

    private static async Task<Answer[]> JoinAsync(Product product, int many)
    {
        using var crowd = new Browser(product.Address, bearer: null, keepsCookies: false);
        return await Task.WhenAll(Enumerable.Range(0, many).Select(_ => crowd.Post("/api/users/guests")));
    }

    private static async Task<Answer> JoinAsync(Product product, string address)
    {
        using var somebody = product.Somebody();
        return await somebody.Send(HttpMethod.Post, "/api/users/guests", body: null, ("X-Forwarded-For", address));
    }
}
