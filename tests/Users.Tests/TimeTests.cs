using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class TimeTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task An_expired_access_token_says_so_and_does_not_stand_in_the_way_of_its_refresh()
    {
        await using var product = await Product.StartAsync(database);
        using var ann = product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        product.Clock.Advance(TimeSpan.FromMinutes(11));
        using var program = new Browser(product.Address, made["accessToken"].GetString());
        (await program.Get("/api/questions")).Must(401).Problem.ShouldBe("token-expired");
        (await program.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_with_another_secret_than_the_keys_were_sealed_with_does_not_start(bool migrates)
    {
        await using (await Product.StartAsync(database, $"--Modules:Users:Secret={new string('a', 32)}"))
        {
        }

        var refused = await Should.ThrowAsync<RefusedToRunException>(
            () => Product.StartAsync(database, $"--Modules:Users:Secret={new string('b', 32)}", $"--Database:MigrateAtStart={migrates}"));
        refused.Problems.ShouldBe(["Modules:Users:Secret is not the one that the keys in the database were sealed with."]);
    }

    [Fact]
    public async Task Whoever_comes_back_within_the_time_stays_known_and_whoever_does_not_is_forgotten()
    {
        await using var product = await Product.StartAsync(database);
        using var ann = product.Somebody();
        (await ann.Post("/api/users/guests", new { })).Must(201);
        product.Clock.Advance(TimeSpan.FromDays(179));
        (await ann.Get("/api/users/me")).Must(200).Headers.Keys.ShouldContain("Set-Cookie");
        product.Clock.Advance(TimeSpan.FromDays(179));
        (await ann.Get("/api/questions")).Must(200);
        product.Clock.Advance(TimeSpan.FromDays(1));
        (await ann.Get("/api/questions")).Must(401).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task A_cookie_is_good_after_a_restart_and_the_keys_lie_sealed()
    {
        Browser ann;
        await using (var before = await Product.StartAsync(database))
        {
            ann = before.Somebody();
            (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201);
        }

        await using var after = await Product.StartAsync(database);
        using var same = after.Somebody();
        same.Cookies.Add(after.Address, ann.Cookies.GetAllCookies());
        (await same.Get("/api/users/me")).Must(200)["name"].GetString().ShouldBe("Ann");
        (await database.ScalarAsync<long>("select count(*) from users.data_protection_key")).ShouldBe(1);
        (await database.ScalarAsync<bool>("select bool_or(position('masterKey'::bytea in decode(data ->> 'sealed', 'base64')) > 0) from users.data_protection_key"))
            .ShouldBeFalse();
        ann.Dispose();
    }
}
