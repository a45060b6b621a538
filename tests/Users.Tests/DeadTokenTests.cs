using System.Security.Cryptography;
using Modular.Testing;

namespace Modular.Users.Tests;

/// <summary>What is not, or no more, a credential of ours: 401 each time, never an error of ours, and never a new guest.</summary>
public sealed class DeadTokenTests(DeadTokenTests.Credentials given) : IClassFixture<DeadTokenTests.Credentials>
{
    public static TheoryData<string, string> Presented => new(
        from way in new[] { "cookie", "access", "refresh" }
        from wrong in new[] { "forged", "truncated", "lengthened", "of another system", "of another kind", "no token", "expired", "revoked" }
        where (way, wrong) != ("access", "expired")     // TimeTests: it says so
        select (way, wrong));

    [Theory]
    [MemberData(nameof(Presented))]
    public async Task Is_401_and_makes_nobody(string way, string wrong)
    {
        var before = await given.PeopleAsync();
        foreach (var token in given.Wrong(way, wrong))
        {
            using var nobody = new Browser(given.Product.Address, keepsCookies: false);
            foreach (var send in Requests(way, token))
            {
                var answer = (await send(nobody)).Must(401);
                answer.Problem.ShouldBeOneOf("token-invalid", "session-ended");
                answer.Headers.GetValueOrDefault("Set-Cookie", "modular=;").ShouldStartWith("modular=;");
            }
        }

        (await given.PeopleAsync()).ShouldBe(before);
    }

    private static IEnumerable<Func<Browser, Task<Answer>>> Requests(string way, string token)
    {
        if (way == "refresh")
            return [who => who.Post("/api/users/refresh", new { refreshToken = token })];
        var header = way == "cookie" ? ("Cookie", $"modular={token}") : ("Authorization", $"Bearer {token}");
        return
        [
            who => who.Get("/api/users/me", header),
            who => who.Get("/api/questions", header),
            who => who.Send(HttpMethod.Post, "/api/questions", new { body = "Who am I?", clientId = "retried" }, header),
            who => who.Send(HttpMethod.Post, "/api/users/guests", new { }, header),
            .. way == "cookie" ? [] : InAddresses(token),
        ];
    }

    private static IEnumerable<Func<Browser, Task<Answer>>> InAddresses(string token) =>
        from path in new[] { "/hub", "/ws", "/api/notifications/sse" }
        select (Func<Browser, Task<Answer>>)(who => who.Get($"{path}?access_token={Uri.EscapeDataString(token)}"));

    /// <summary>Good credentials, and all that can be wrong with them.</summary>
    public sealed class Credentials : IAsyncLifetime
    {
        private static readonly string[] NoTokens = ["made-up", "%00", "=", "*", "....", new string('A', 4000), Convert.ToBase64String(RandomNumberGenerator.GetBytes(90))];
        private readonly Dictionary<string, string> good = [];
        private readonly Dictionary<string, string> others = [];
        private readonly Dictionary<string, string> expired = [];
        private readonly Dictionary<string, string> revoked = [];

        public Product Product { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using (var another = await Product.StartAsync())
                await JoinAsync(another, others);
            Product = await Product.StartAsync();
            foreach (var kept in new[] { good, expired, revoked })
                await JoinAsync(Product, kept);
            await Product.Database.RunAsync($"""
                update users.session set expires_at = now(), data = jsonb_set(data, array['expiresAt'], to_jsonb(now())) where data ->> 'userId' = '{expired["id"]}'
                """);
            using var leaving = new Browser(Product.Address, revoked["access"]);
            (await leaving.Post("/api/users/logout")).Must(204);
        }

        public ValueTask DisposeAsync() => Product.DisposeAsync();

        public Task<long> PeopleAsync() => Product.Database.ScalarAsync<long>("""select count(*) from users."user" """);

        public IEnumerable<string> Wrong(string way, string wrong) => wrong switch
        {
            "forged" => Enumerable.Range(0, good[way].Length).Select(n => Changed(good[way], n)),
            "truncated" => Enumerable.Range(1, good[way].Length - 1).Select(n => good[way][..n]),
            "lengthened" => [good[way] + "A", good[way] + "AAAA", good[way] + good[way]],
            "of another system" => [others[way]],
            "of another kind" => good.Where(g => g.Key != way).Select(g => g.Value),
            "expired" => [expired[way]],
            "revoked" => [revoked[way]],
            _ => way == "refresh" ? [.. NoTokens, "é", "\ufffd", "🙂"] : NoTokens,
        };

        /// <summary>Another character there; the last one of a token carries bits that nobody reads.</summary>
        private static string Changed(string token, int at) => $"{token[..at]}{(token[at] == 'Z' ? 'z' : 'Z')}{(at == token.Length - 1 ? "ZZ" : token[(at + 1)..])}";

        private static async Task JoinAsync(Product at, Dictionary<string, string> kept)
        {
            using var somebody = new Browser(at.Address, keepsCookies: false);
            var made = (await somebody.Post("/api/users/guests")).Must(201);
            kept["cookie"] = made.Headers["Set-Cookie"].Split(';')[0]["modular=".Length..];
            (kept["access"], kept["refresh"]) = (made["accessToken"].GetString()!, made["refreshToken"].GetString()!);
            kept["id"] = made["user"].GetProperty("id").GetString()!;
        }
    }
}
