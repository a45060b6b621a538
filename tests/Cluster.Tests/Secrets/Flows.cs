using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Cluster.Tests.Secrets;

/// <summary>Everything people do that carries a password or a token, right and wrong. Answers that refuse are kept.</summary>
internal sealed partial class Flows(HostProcess host, Secrets secrets, string mails)
{
    private readonly string email = $"{Guid.NewGuid():n}@example.org";

    public ConcurrentQueue<Answer> Refused { get; } = new();

    public async Task RunAsync()
    {
        var guest = await MakeGuestAsync();
        await RegisterAsync(guest);
        await SignInAsync();
        await RefreshAsync();
        await TakeOverRoomAsync();
        await BecomeAdminAsync();
        await new MailFlows(host, secrets, mails, email).RunAsync();
        foreach (var token in new[] { guest["accessToken"].GetString()!, guest["refreshToken"].GetString()! })
            await FailAsync(token);
    }

    private async Task<Answer> MakeGuestAsync()
    {
        using var ann = host.Somebody();
        return secrets.AddAll("a guest", (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201));
    }

    private async Task RegisterAsync(Answer guest)
    {
        using var ann = new Browser(host.Address, guest["accessToken"].GetString());
        await RefusedAsync(ann.Post("/api/users/register", new { email = "nobody", password = secrets.Password("a password of a wrong registration") }), 400);
        await RefusedAsync(ann.Post("/api/users/register", new { email, password = secrets.Password("a password that is too long") + new string('x', 300) }), 400);
        var password = secrets.Password("the password of a registration");
        secrets.AddAll("a registration", (await ann.Post("/api/users/register", new { email, password })).Must(201));
        using var bob = host.Somebody();
        await RefusedAsync(bob.Post("/api/users/register", new { email, password = secrets.Password("the password of a taken e-mail") }), 409);
        Password = password;
    }

    private string Password { get; set; } = "";

    private async Task SignInAsync()
    {
        using var ann = host.Somebody();
        await RefusedAsync(ann.Post("/api/users/login", new { email, password = secrets.Password("a wrong password") }), 401);
        await RefusedAsync(ann.Post("/api/users/login", new { email = "who@example.org", password = secrets.Password("the password of nobody") }), 401);
        secrets.AddAll("a sign-in", (await ann.Post("/api/users/login", new { email, password = Password })).Must(200));
    }

    private async Task RefreshAsync()
    {
        using var ann = host.Somebody();
        var first = secrets.AddAll("a session to refresh", (await ann.Post("/api/users/login", new { email, password = Password })).Must(200));
        using var program = host.Somebody();
        secrets.AddAll("a refreshed session", (await program.Post("/api/users/refresh", new { refreshToken = first["refreshToken"].GetString() })).Must(200));
        using var thief = host.Somebody();
        await RefusedAsync(thief.Post("/api/users/refresh", new { refreshToken = first["refreshToken"].GetString() }), 401);
        await RefusedAsync(ann.Get("/api/users/me"), 401);
    }

    private async Task TakeOverRoomAsync()
    {
        using var ann = host.Somebody();
        var link = (await ann.Post("/api/rooms", new { title = "Mine" })).Must(201)["hostLink"].GetString()!;
        var token = secrets.Add("the token of a host link", link[(link.LastIndexOfAny(['/', '#', '=']) + 1)..]);
        using var bob = host.Somebody();
        (await bob.Post("/api/rooms/links/accept", new { token })).Must(200);
        await RefusedAsync(bob.Post("/api/rooms/links/accept", new { token = token + "x" }), 404);
    }

    private async Task BecomeAdminAsync()
    {
        using var eve = host.Somebody();
        var token = secrets.Add("the setup token", Setup().Match(host.Log).Groups["token"].Value);
        var (address, password) = ($"{Guid.NewGuid():n}@example.org", secrets.Password("the first admin's password"));
        await RefusedAsync(eve.Post("/api/users/setup", new { token = token + "x", email = address, password }), 404);
        await RefusedAsync(eve.Post("/api/users/setup", new { token, email = "nobody", password }), 400);
        secrets.AddAll("the first admin", (await eve.Post("/api/users/setup", new { token, email = address, password })).Must(201));
        using var late = host.Somebody();
        await RefusedAsync(late.Post("/api/users/setup", new { token, email = address, password }), 409);
    }

    /// <summary>Requests that go wrong with a token in each place where one can stand.</summary>
    private async Task FailAsync(string token)
    {
        using var nobody = new Browser(host.Address, keepsCookies: false);
        foreach (var path in new[] { "/api/users/me", "/nowhere", "/api/rooms/NOSUCH", "/api/questions" })
        {
            await AskedAsync(nobody.Get($"{path}?access_token={token}&token={token}&limit={token}"));
            await AskedAsync(nobody.Send(HttpMethod.Post, $"{path}?token={token}", new { token, password = token, refreshToken = token, limit = new[] { token } }));
            await AskedAsync(nobody.Get(path, ("Cookie", $"modular={token}x")));
            await AskedAsync(nobody.Get(path, ("Authorization", $"Bearer {token}x")));
        }

        foreach (var path in new[] { "/hub", "/ws", "/api/notifications/sse?stream=rooms/nowhere" })
            await AskedAsync(nobody.Get($"{path}{(path.Contains('?') ? '&' : '?')}access_token={token}x&token={token}"));
        foreach (var path in new[] { "/api/users/login", "/api/users/register", "/api/users/refresh", "/api/rooms/links/accept", "/api/questions" })
        {
            await RefusedAsync(nobody.Post(path, new { email = new[] { token }, password = new { token }, refreshToken = new[] { token }, token = new[] { token }, body = new[] { token } }), 400);
            await RefusedAsync(nobody.Post(path, token), 400);
        }
    }

    private async Task RefusedAsync(Task<Answer> asked, int status) => Refused.Enqueue((await asked).Must(status));

    private async Task AskedAsync(Task<Answer> asked) => Refused.Enqueue(await asked);

    [GeneratedRegex("/setup#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setup();
}
