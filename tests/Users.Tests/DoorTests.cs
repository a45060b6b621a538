using System.Net;
using System.Net.WebSockets;
using Modular.Testing;

namespace Modular.Users.Tests;

/// <summary>Who may come in with somebody's cookie, and by which scheme, at the whole product.</summary>
public sealed class DoorTests(DoorTests.Products products) : IClassFixture<DoorTests.Products>
{
    private const string Foreign = "https://evil.example";

    [Fact]
    public async Task Over_http_the_cookie_has_its_plain_name()
    {
        var cookie = CookieOf(await JoinAsync(products.Bare));
        cookie[0].ShouldStartWith("modular=");
        cookie[1..].ShouldBe(["max-age=15552000", "path=/", "samesite=lax", "httponly"]);
    }

    [Fact]
    public async Task Over_https_that_a_known_proxy_took_off_the_cookie_is_bound_to_the_host_and_the_plain_one_is_not_read()
    {
        var https = ("X-Forwarded-Proto", "https");
        var cookie = CookieOf(await JoinAsync(products.Behind, https));
        cookie[0].ShouldStartWith("__Host-modular=");
        cookie[1..].ShouldBe(["max-age=15552000", "path=/", "secure", "samesite=lax", "httponly"]);
        using var somebody = new Browser(products.Behind.Address, keepsCookies: false);
        (await somebody.Get("/api/users/me", https, ("Cookie", cookie[0]))).Must(200);
        (await somebody.Get("/api/users/me", https, ("Cookie", cookie[0]["__Host-".Length..]))).Must(401).Problem.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task Who_is_no_known_proxy_cannot_say_that_it_was_https() =>
        CookieOf(await JoinAsync(products.Bare, ("X-Forwarded-Proto", "https")))[0].ShouldStartWith("modular=");

    [Theory]
    [InlineData("/hub")]
    [InlineData("/ws")]
    [InlineData("/ws/")]
    public async Task A_socket_from_another_site_is_refused_with_a_cookie_and_without(string path)
    {
        var ann = await JoinAsync(products.Bare);
        foreach (var cookie in new[] { null, CookieOf(ann)[0] })
        {
            (await UpgradeAsync(path, Foreign, cookie)).ShouldBe(HttpStatusCode.Forbidden);
            (await UpgradeAsync(path, "null", cookie)).ShouldBe(HttpStatusCode.Forbidden);
            (await UpgradeAsync(path, products.Bare.Address.GetLeftPart(UriPartial.Authority), cookie)).ShouldBe(HttpStatusCode.SwitchingProtocols);
            (await UpgradeAsync(path, origin: null, cookie)).ShouldBe(HttpStatusCode.SwitchingProtocols);
        }
    }

    [Theory]
    [InlineData(Foreign)]
    [InlineData("null")]
    public async Task Server_sent_events_and_writes_with_a_cookie_from_another_site_are_refused(string origin)
    {
        var cookie = ("Cookie", CookieOf(await JoinAsync(products.Bare))[0]);
        (await EventsAsync(("Origin", origin), cookie)).ShouldBe(HttpStatusCode.Forbidden);
        (await EventsAsync(("Sec-Fetch-Site", "same-site"), cookie)).ShouldBe(HttpStatusCode.Forbidden);
        (await EventsAsync(("Origin", origin))).ShouldBe(HttpStatusCode.OK, "nobody's cookie is used");
        (await EventsAsync(("Origin", products.Bare.Address.GetLeftPart(UriPartial.Authority)), cookie)).ShouldBe(HttpStatusCode.OK);
        (await EventsAsync(cookie)).ShouldBe(HttpStatusCode.OK);
        using var somebody = new Browser(products.Bare.Address, keepsCookies: false);
        (await somebody.Send(HttpMethod.Post, "/api/questions", new { body = "Forged?" }, ("Origin", origin), cookie)).Must(403).Problem.ShouldBe("cross-origin");
    }

    [Theory]
    [InlineData("/api/users/me", 401)]
    [InlineData("/api/rooms", 401)]
    [InlineData("/api/notifications/streams/rooms/018cc251-f400-7000-8000-000000000001", 200)]
    public async Task A_token_in_the_address_counts_nowhere_but_at_sockets_and_server_sent_events(string path, int status)
    {
        var token = (await JoinAsync(products.Bare))["accessToken"].GetString()!;
        using var nobody = new Browser(products.Bare.Address, keepsCookies: false);
        (await nobody.Get($"{path}?access_token={token}")).Status.ShouldBe(status);
        (await nobody.Get($"{path}?access_token=made-up")).Status.ShouldBe(status, "it is not even looked at");
        (await EventsAsync("made-up")).ShouldBe(HttpStatusCode.Unauthorized);
        (await EventsAsync(token)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Answer> JoinAsync(Product at, params (string, string)[] headers)
    {
        using var somebody = new Browser(at.Address, keepsCookies: false);
        return (await somebody.Send(HttpMethod.Post, "/api/users/guests", new { }, headers)).Must(201);
    }

    /// <summary>Name and value, then its attributes in lower case.</summary>
    private static string[] CookieOf(Answer answer) =>
        [.. answer.Headers["Set-Cookie"].Split("; ").Select((part, n) => n == 0 ? part : part.ToLowerInvariant())];

    private async Task<HttpStatusCode> UpgradeAsync(string path, string? origin, string? cookie)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        if (cookie is not null)
            socket.Options.SetRequestHeader("Cookie", cookie);
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(products.Bare.Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != HttpStatusCode.SwitchingProtocols)
        {
            // Its status says why.
        }

        return socket.HttpStatusCode;
    }

    private Task<HttpStatusCode> EventsAsync(string token) => EventsAsync($"&access_token={token}", []);

    private Task<HttpStatusCode> EventsAsync(params (string, string)[] headers) => EventsAsync("", headers);

    private async Task<HttpStatusCode> EventsAsync(string query, (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(products.Bare.Address, $"/api/notifications/sse?stream=rooms/{Rooms.Contracts.Lobby.Id}{query}"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    /// <summary>One that is reached directly, and one behind a proxy on this machine.</summary>
    public sealed class Products : IAsyncLifetime
    {
        public Product Bare { get; private set; } = null!;

        public Product Behind { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Bare = await Product.StartAsync();
            Behind = await Product.StartAsync(database: null, "--Proxies:Known:0=127.0.0.1");
        }

        public async ValueTask DisposeAsync()
        {
            await Bare.DisposeAsync();
            await Behind.DisposeAsync();
        }
    }
}
