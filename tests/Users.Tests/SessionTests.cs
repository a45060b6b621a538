using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class SessionTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task After_logging_out_neither_cookie_nor_token_counts()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        var cookie = ann.Cookies.GetCookieHeader(Product.Address);
        (await ann.Post("/api/users/logout")).Must(204).Headers["Set-Cookie"].ShouldContain("modular=;");
        using var program = new Browser(Product.Address, made["accessToken"].GetString());
        (await program.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        using var thief = Product.Somebody();
        (await thief.Get("/api/users/me", ("Cookie", cookie))).Must(401).Problem.ShouldBe("session-ended");
    }

    [Theory]
    [InlineData("GET", "/api/questions")]
    [InlineData("POST", "/api/questions")]
    [InlineData("GET", "/api/rooms/LOBBY")]
    public async Task A_dead_cookie_is_refused_and_cleared_also_where_nobody_needs_one(string verb, string path)
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        using var program = new Browser(Product.Address, made["accessToken"].GetString());
        (await program.Post("/api/users/logout")).Must(204);

        var refused = await ann.Send(new HttpMethod(verb), path, verb == "POST" ? new { body = "Who am I?" } : null);
        refused.Must(401).Problem.ShouldBe("session-ended");
        refused.Headers["Set-Cookie"].ShouldContain("modular=;");
        ann.Cookies.Count.ShouldBe(0);
        (await ann.Get("/api/questions")).Must(200);
    }

    [Fact]
    public async Task A_cookie_that_is_not_ours_is_refused_and_cleared()
    {
        using var nobody = Product.Somebody();
        nobody.Cookies.Add(Product.Address, new System.Net.Cookie("modular", "made-up"));
        (await nobody.Get("/api/questions")).Must(401).Problem.ShouldBe("session-ended");
        nobody.Cookies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_for_the_same_person()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        using var program = Product.Somebody();
        var refreshed = await RefreshAsync(program, made);
        refreshed.Must(200)["user"].GetProperty("id").GetGuid().ShouldBe(made["user"].GetProperty("id").GetGuid());
        using var renewed = new Browser(Product.Address, refreshed["accessToken"].GetString());
        (await renewed.Get("/api/users/me")).Must(200);
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_the_session_for_both()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        using var program = Product.Somebody();
        var refreshed = (await RefreshAsync(program, made)).Must(200);
        using var thief = Product.Somebody();
        (await RefreshAsync(thief, made)).Must(401).Problem.ShouldBe("session-ended");
        (await RefreshAsync(thief, refreshed)).Must(401).Problem.ShouldBe("session-ended");
        (await ann.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
    }

    [Fact]
    public async Task Of_ten_refreshes_at_once_with_one_token_at_most_one_succeeds()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests", new { })).Must(201);
        using var program = Product.Somebody();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RefreshAsync(program, made)));
        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 401).ShouldBe(9);
    }

    [Fact]
    public async Task A_made_up_refresh_token_ends_nothing()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/users/guests", new { })).Must(201);
        using var thief = Product.Somebody();
        (await thief.Post("/api/users/refresh", new { refreshToken = "made-up" })).Must(401).Problem.ShouldBe("token-invalid");
        (await ann.Get("/api/users/me")).Must(200);
    }

    [Fact]
    public async Task Open_connections_are_told_which_sessions_have_ended()
    {
        var source = Product.Services.GetRequiredService<ICallerSource>();
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var token = (await ann.Post("/api/users/guests")).Must(201)["accessToken"].GetString()!;
        var other = (await bob.Post("/api/users/guests")).Must(201)["accessToken"].GetString()!;
        var ct = TestContext.Current.CancellationToken;
        var (anns, bobs) = ((await source.ByTokenAsync(token, ct))!.SessionId, (await source.ByTokenAsync(other, ct))!.SessionId);
        (await source.EndedAsync([anns, bobs], ct)).ShouldBeEmpty();
        (await ann.Post("/api/users/logout")).Must(204);
        (await source.EndedAsync([anns, bobs], ct)).ShouldBe([anns]);
        (await source.ByTokenAsync(token, ct)).ShouldBeNull();
        (await source.ByTokenAsync("made-up", ct)).ShouldBeNull();
    }

    [Fact]
    public Task Ending_a_session_closes_its_sockets_at_once() => ClosesSocketsAtOnceAsync(async (ann, _) => (await ann.Post("/api/users/logout")).Must(204));

    [Fact]
    public Task A_stolen_refresh_token_closes_the_sockets_at_once() => ClosesSocketsAtOnceAsync(async (ann, made) =>
    {
        (await RefreshAsync(ann, made)).Must(200);
        (await RefreshAsync(ann, made)).Must(401);
    });

    [Theory]
    [InlineData("a hint")]
    [InlineData("the look for ended sessions")]
    public async Task A_session_that_ended_on_another_replica_is_not_taken_for_alive_once_that_is_known_here(string by)
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/users/guests")).Must(201);
        var session = await Product.Database.ScalarAsync<Guid>("select id from users.session order by id desc limit 1");
        (await ann.Get("/api/users/me")).Must(200);
        await Product.Database.RunAsync($"update users.session set revoked_at = now() where id = '{session}'");

        if (by == "a hint")
        {
            foreach (var listener in Product.Services.GetServices<IRevocationListener>())
                listener.SessionsMayHaveChanged([session]);
        }
        else
        {
            (await Product.Services.GetRequiredService<ICallerSource>().EndedAsync([session], TestContext.Current.CancellationToken)).ShouldBe([session]);
        }

        (await ann.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
    }

    /// <summary>Twice in a row: the tick, every 5 s, is in time for one by chance. And at any time: a busy machine is late for one, too.</summary>
    private async Task ClosesSocketsAtOnceAsync(Func<Browser, Answer, Task> end)
    {
        var row = 0;
        await Eventually.Is(async () => (row = await ClosesAsync() ? row + 1 : 0) == 2, what: "sockets are closed at once");

        async Task<bool> ClosesAsync()
        {
            using var ann = Product.Somebody();
            var made = (await ann.Post("/api/users/guests")).Must(201);
            await using var socket = await HubClient.ConnectAsync(Product.Address, made["accessToken"].GetString());
            await end(ann, made);
            return await Task.WhenAny(socket.Closed, Task.Delay(TimeSpan.FromSeconds(1))) == socket.Closed;
        }
    }

    private static Task<Answer> RefreshAsync(Browser browser, Answer signIn) =>
        browser.Post("/api/users/refresh", new { refreshToken = signIn["refreshToken"].GetString() });
}
