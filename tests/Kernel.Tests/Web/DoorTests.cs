namespace Modular.Kernel.Tests.Web;

public sealed class DoorTests(RunningHost running) : IClassFixture<RunningHost>
{
    private const string Good = """{"title":"a","size":1}""";

    private TestHost Host => running.Host;

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_write_with_a_cookie_from_another_site_is_refused(string origin) =>
        (await Host.PostAsync("/api/things/", Good, ("Cookie", "a=b"), ("Origin", origin))).ShouldBeProblem(403, "cross-origin");

    [Fact]
    public async Task A_write_with_a_cookie_from_our_own_page_is_taken() =>
        (await Host.PostAsync("/api/things/", Good, ("Cookie", "a=b"), ("Origin", Host.App.Urls.Single()))).Status.ShouldBe(201);

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 201)]
    [InlineData("none", 201)]
    [InlineData(null, 201)]
    public async Task Without_an_origin_the_browsers_word_counts(string? site, int status) =>
        (await Host.PostAsync("/api/things/", Good, [("Cookie", "a=b"), .. site is null ? [] : new[] { ("Sec-Fetch-Site", site) }])).Status.ShouldBe(status);

    [Fact]
    public async Task A_program_or_a_bearer_or_a_read_needs_no_origin_of_ours()
    {
        (await Host.PostAsync("/api/things/", Good)).Status.ShouldBe(201);
        (await Host.PostAsync("/api/things/", Good, ("Cookie", "a=b"), ("Sec-Fetch-Site", "cross-site"), ("Authorization", "Bearer ann"))).Status.ShouldBe(201);
        (await Host.PostAsync("/api/things/", Good, ("Origin", "https://evil.example"), ("Authorization", "Bearer ann"))).Status.ShouldBe(201);
        (await Host.GetAsync("/api/things/list?limit=1", ("Cookie", "a=b"), ("Origin", "https://evil.example"))).Status.ShouldBe(200);
    }

    // A Lax cookie is left out there, and the answer would set a new guest's in its place.
    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_form_that_another_site_sends_without_the_cookie_is_refused(string header, string value) =>
        (await Host.PostAsync("/api/things/", Good, (header, value))).ShouldBeProblem(403, "cross-origin");

    [Fact]
    public async Task A_socket_from_another_site_is_refused_with_and_without_a_cookie() =>
        (await Host.GetAsync("/hub", ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Origin", "https://evil.example"))).ShouldBeProblem(403, "cross-origin");

    [Fact]
    public async Task Other_origins_may_not_call_by_default() =>
        (await Host.GetAsync("/api/things/list?limit=1", ("Origin", "https://friend.example"))).Header("Access-Control-Allow-Origin").ShouldBeNull();

    [Fact]
    public async Task Configured_origins_may_call_without_credentials_and_read_errors_too()
    {
        await using var host = await TestHost.StartAsync(configure: null, ("Cors:Origins:0", "https://friend.example"), ("Public:Url", "https://ask.example"));
        var preflight = await host.SendAsync("OPTIONS", "/api/things/", body: null,
            ("Origin", "https://friend.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"));
        preflight.Status.ShouldBe(204);
        preflight.Header("Access-Control-Allow-Origin").ShouldBe("https://friend.example");
        preflight.Header("Access-Control-Allow-Credentials").ShouldBeNull();
        (await host.GetAsync("/api/things/fails/crash", ("Origin", "https://friend.example"))).Header("Access-Control-Allow-Origin").ShouldBe("https://friend.example");
        (await host.GetAsync("/api/things/fails/crash", ("Origin", "https://evil.example"))).Header("Access-Control-Allow-Origin").ShouldBeNull();
        (await host.PostAsync("/api/things/", Good, ("Cookie", "a=b"), ("Origin", "https://ask.example"))).Status.ShouldBe(201);
        (await host.PostAsync("/api/things/", Good, ("Cookie", "a=b"), ("Origin", "https://friend.example"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Forwarded_headers_count_only_from_configured_proxies()
    {
        (await Host.GetAsync("/version", ("X-Forwarded-Proto", "https"))).Header("Strict-Transport-Security").ShouldBeNull();
        await using var host = await TestHost.StartAsync(configure: null, ("Proxies:Known:0", "127.0.0.0/8"));
        (await host.GetAsync("/version", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")))
            .Header("Strict-Transport-Security").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("203.0.113.0/24", 1)]
    [InlineData("127.0.0.0/8", 0)]
    public async Task A_proxy_that_is_not_believed_is_named_in_the_log_once(string known, int times)
    {
        await using var host = await TestHost.StartAsync(configure: null, ("Proxies:Known:0", known));
        for (var request = 0; request < 3; request++)
            (await host.GetAsync("/version", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9"))).Status.ShouldBe(200);
        host.Log.Entries.Count(e => e.Message.Contains("add it to Proxies:Known", StringComparison.Ordinal)).ShouldBe(times);
    }
}
