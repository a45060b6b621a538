using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Modular.Testing;

namespace Modular.Kernel.Tests.Web.Limits;

public sealed class LimitTests : IAsyncLifetime
{
    private const string Good = """{"title":"a","size":1}""";
    private static readonly (string, string) Ann = ("Authorization", "Bearer ann");
    private static readonly (string, string) Bob = ("Authorization", "Bearer bob");
    private readonly ManualClock clock = new();
    private TestHost host = null!;

    public async ValueTask InitializeAsync() => host = await StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Whoever_asks_too_often_is_told_when_to_try_again_and_another_person_is_free()
    {
        for (var left = 2; left >= 0; left--)
            Budget(await SingAsync(Ann)).ShouldBe((200, "3", $"{left}", $"{20 * (3 - left)}", null));
        var refused = await SingAsync(Ann);
        refused.ShouldBeProblem(429, "too-many-requests").GetProperty("detail").GetString().ShouldBe("That was too much at once. Try again in 20 seconds.");
        Budget(refused).ShouldBe((429, "3", "0", "60", "20"));
        Budget(await SingAsync(Bob)).ShouldBe((200, "3", "2", "20", null));
        clock.Advance(TimeSpan.FromSeconds(20));
        Budget(await SingAsync(Ann)).ShouldBe((200, "3", "0", "60", null));
    }

    [Fact]
    public async Task A_request_that_is_wrong_has_taken_its_permit_too()
    {
        (await host.PostAsync("/api/things/sing", "{}", Ann)).Status.ShouldBe(400);
        Budget(await SingAsync(Ann)).Left.ShouldBe("1");
    }

    [Fact]
    public async Task A_refusal_does_not_wait_for_the_body()
    {
        for (var n = 0; n < 3; n++)
            await SingAsync(Ann);
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Http.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/things/sing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10))).ShouldStartWith("HTTP/1.1 429");
    }

    [Fact]
    public async Task One_address_has_one_budget_whoever_asks_and_its_burst()
    {
        for (var n = 0; n < 4; n++)
            (await KnockAsync(n % 2 == 0 ? Ann : Bob)).Status.ShouldBe(204);
        Budget(await KnockAsync(Ann)).ShouldBe((429, "4", "0", "120", "30"));
    }

    [Fact]
    public async Task Behind_a_known_proxy_it_is_the_address_that_the_proxy_saw()
    {
        await using var behind = await StartAsync(("Proxies:Known:0", "127.0.0.1"));
        foreach (var address in new[] { "203.0.113.1", "203.0.113.2", "2001:db8:1:2::1", "2001:db8:1:3::1" })
        {
            for (var n = 0; n < 4; n++)
                (await KnockAsync(behind, address)).Status.ShouldBe(204);
            (await KnockAsync(behind, address)).Status.ShouldBe(429);
        }

        (await KnockAsync(behind, "2001:db8:1:2:ffff::9")).Status.ShouldBe(429, "an IPv6 /64 is one address");
        (await KnockAsync(behind, "203.0.113.7, 203.0.113.1")).Status.ShouldBe(429, "what the client itself says comes before what the proxy adds");
    }

    [Fact]
    public async Task What_others_than_known_proxies_say_of_an_address_does_not_count()
    {
        for (var n = 0; n < 4; n++)
            await KnockAsync(host, $"203.0.113.{n}");
        (await KnockAsync(host, "203.0.113.9")).Status.ShouldBe(429);
        await using var elsewhere = await StartAsync(("Proxies:Known:0", "10.0.0.0/8"));
        for (var n = 0; n < 4; n++)
            await KnockAsync(elsewhere, $"203.0.113.{n}");
        (await KnockAsync(elsewhere, "203.0.113.9")).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Where_a_call_would_make_a_guest_the_budget_for_guests_is_looked_at_and_not_taken()
    {
        await using var narrow = await StartAsync(("Limits:Guests:Permits", "1"), ("Limits:Guests:Per", "00:01:00"));
        for (var n = 0; n < 3; n++)
            Budget(await narrow.PostAsync("/api/things/sing", Good)).ShouldBe((200, null, null, null, null), "nobody was made");
        Budget(await narrow.SendAsync("POST", "/api/things/join", body: null)).ShouldBe((204, "1", "0", "60", null));
        Budget(await narrow.PostAsync("/api/things/sing", Good)).ShouldBe((429, "1", "0", "60", "60"));
        Budget(await narrow.PostAsync("/api/things/sing", Good, Ann)).ShouldBe((200, "3", "2", "20", null));
    }

    [Fact]
    public async Task Settings_change_a_limit_and_turn_all_off()
    {
        await using var wide = await StartAsync(("Limits:KnockHard:Permits", "1"), ("Limits:KnockHard:Per", "00:00:01"), ("Limits:KnockHard:Burst", "9"));
        Budget(await KnockAsync(wide, "")).ShouldBe((204, "9", "8", "1", null));
        wide.Log.Entries.ShouldNotContain(e => e.Message.Contains("Limits:Enabled"));
        await using var off = await StartAsync(("Limits:Enabled", "false"));
        for (var n = 0; n < 9; n++)
            Budget(await KnockAsync(off, "")).ShouldBe((204, null, null, null, null));
        off.Log.Entries.Where(e => e.Message.Contains("Limits:Enabled is false")).ShouldHaveSingleItem().Level.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    private Task<TestHost> StartAsync(params (string, string)[] settings) =>
        TestHost.StartAsync(builder => builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)), settings);

    private Task<Answer> SingAsync((string, string) who) => host.PostAsync("/api/things/sing", Good, who);

    private Task<Answer> KnockAsync((string, string) who) => host.SendAsync("POST", "/api/things/knock", body: null, who);

    private static Task<Answer> KnockAsync(TestHost at, string address) =>
        at.SendAsync("POST", "/api/things/knock", body: null, address == "" ? [] : [("X-Forwarded-For", address)]);

    private static (int Status, string? Limit, string? Left, string? Reset, string? Wait) Budget(Answer answer) =>
        (answer.Status, answer.Header("RateLimit-Limit"), answer.Header("RateLimit-Remaining"), answer.Header("RateLimit-Reset"), answer.Header("Retry-After"));
}
