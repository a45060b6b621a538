using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using Modular.Cluster.Tests.Clients;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Signed in and out on one replica, as the other one sees it.</summary>
[Collection<RunningReplicas>]
public sealed class SessionTests(RunningReplicas running, ITestOutputHelper output)
{
    /// <summary>A hint closes at once; where it is lost, the check every 5 s does.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly Replicas replicas = running.Replicas;
    private readonly string clientId = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_device_that_is_signed_out_on_one_replica_loses_every_kind_of_socket_on_the_other_within_two_seconds()
    {
        // Twice in a row: the check every 5 s is in time for one by chance. And at any time: a busy machine is late for one, too.
        var row = 0;
        await Eventually.Is(async () => (row = await ClosesAllAsync() ? row + 1 : 0) == 2, what: "every kind of socket is closed within two seconds");
    }

    [Fact]
    public async Task Without_the_broker_they_are_closed_all_the_same()
    {
        foreach (var replica in replicas.All)
            replica.Link.HoldAnswers();
        try
        {
            await ClosesAllAsync();
        }
        finally
        {
            foreach (var replica in replicas.All)
                replica.Link.Release();
            await running.AreLiveAsync();
        }
    }

    [Fact]
    public async Task Cookie_and_tokens_of_one_replica_are_good_on_the_other_and_dead_there_two_seconds_after_their_end() =>
        await Eventually.Is(async () => await DiesAsync() <= AtOnce, what: "they are dead within two seconds");

    private async Task<TimeSpan> DiesAsync()
    {
        using var ann = replicas.A.Host.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        var cookie = ("Cookie", ann.Cookies.GetCookieHeader(replicas.A.Address));
        using var browser = replicas.B.Host.Somebody();
        using var program = new Browser(replicas.B.Address, made["accessToken"].GetString());
        (await browser.Get("/api/users/me", cookie)).Must(200);
        (await program.Get("/api/users/me")).Must(200);
        var refreshed = (await browser.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(200);
        using var renewed = new Browser(replicas.A.Address, refreshed["accessToken"].GetString());
        (await renewed.Get("/api/users/me")).Must(200);

        (await ann.Delete($"/api/users/me/sessions/{await SessionAsync(ann)}")).Must(204);

        var began = Stopwatch.GetTimestamp();
        await Eventually.Is(async () => (await browser.Get("/api/users/me", cookie)).Status == 401 && (await program.Get("/api/users/me")).Status == 401);
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"dead on the other replica: {took.TotalMilliseconds:0} ms");
        (await browser.Post("/api/users/refresh", new { refreshToken = refreshed["refreshToken"].GetString() })).Must(401).Problem.ShouldBe("session-ended");
        return took;
    }

    [Fact]
    public async Task A_person_is_told_on_the_other_replica_what_ended_and_nobody_else_may_listen()
    {
        using var ann = await DeviceAsync(replicas.A);
        using var phone = await DeviceAsync(replicas.A, again: true);
        using var bob = replicas.B.Host.Somebody();
        (await bob.Post("/api/users/guests")).Must(201);
        var stream = $"notifications/{(await ann.Get("/api/users/me")).Id}";
        var ended = await SessionAsync(phone);
        await using var mine = await HubAsync(ann);
        await using var other = await HubAsync(bob);
        await mine.SubscribeAsync(stream);
        (await Should.ThrowAsync<HubException>(() => other.SubscribeAsync(stream))).Message.ShouldContain("stream-not-found");

        await output.TookAsync("session.revoked on the other replica", RevokeAsync());

        mine.Calls("events").Single()[1][0].GetProperty("data").GetProperty("id").GetGuid().ShouldBe(ended);
        other.Calls("events").ShouldBeEmpty();

        async Task RevokeAsync()
        {
            (await ann.Delete($"/api/users/me/sessions/{ended}")).Must(204);
            await Eventually.Is(() => mine.Live(stream).Count == 1);
        }
    }

    [Fact]
    public async Task A_ban_on_one_replica_closes_every_kind_of_socket_on_the_other_within_two_seconds_and_nothing_of_theirs_counts_there()
    {
        using var admin = await AdminAsync();
        var row = 0;
        await Eventually.Is(async () => (row = await ClosesAllAsync(BanAsync) ? row + 1 : 0) == 2, what: "a ban closes every kind of socket within two seconds");

        async Task BanAsync(Browser ann)
        {
            var cookie = ("Cookie", ann.Cookies.GetCookieHeader(replicas.A.Address));
            (await admin.Post($"/api/users/{(await ann.Get("/api/users/me")).Id}/ban")).Must(200);
            using var there = replicas.B.Host.Somebody();
            await Eventually.Is(async () => (await there.Get("/api/users/me", cookie)).Status == 401);
        }
    }

    private async Task<Browser> AdminAsync()
    {
        var admin = replicas.A.Host.Somebody();
        var made = (await admin.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        await replicas.ScalarAsync<object>($"""update users."user" set data = jsonb_set(data, array['roles'], '["admin"]') where id = '{made}'""");
        return admin;
    }

    private static async Task SignOutAsync(Browser ann) => (await ann.Delete($"/api/users/me/sessions/{await SessionAsync(ann)}")).Must(204);

    /// <summary>Closes every kind of socket, and answers whether it did so at once.</summary>
    private async Task<bool> ClosesAllAsync(Func<Browser, Task>? end = null)
    {
        using var ann = replicas.A.Host.Somebody();
        var token = (await ann.Post("/api/users/guests")).Must(201)["accessToken"].GetString()!;
        await using var hub = await HubClient.ConnectAsync(replicas.B.Address, token);
        await using var plain = await PlainSocket.OpenAsync(replicas.B.Address, $"?access_token={Uri.EscapeDataString(token)}");
        await using var stream = await EventStream.OpenAsync(replicas.B.Address, [Lobby.Stream], token: token);

        var began = Stopwatch.GetTimestamp();
        await (end ?? SignOutAsync)(ann);

        var times = await Task.WhenAll(new[] { hub.Closed, plain.ClosedAsync(), stream.Ended }.Select(async closed =>
        {
            await Eventually.Is(() => closed.IsCompleted);
            await closed;
            return Stopwatch.GetElapsedTime(began);
        }));
        output.WriteLine($"closed on the other replica after (hub, /ws, server-sent events): {string.Join(", ", times.Select(t => $"{t.TotalMilliseconds:0} ms"))}");
        return times.All(t => t <= AtOnce);
    }

    /// <summary>One more device of one guest.</summary>
    private async Task<Browser> DeviceAsync(Replica replica, bool again = false)
    {
        var device = replica.Host.Somebody();
        (await device.Post("/api/questions", new { body = "Where am I?", clientId })).Must(again ? 200 : 201);
        return device;
    }

    private static async Task<Guid> SessionAsync(Browser device) =>
        (await device.Get("/api/users/me/sessions")).Must(200).Items.Single(s => s.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();

    private Task<HubClient> HubAsync(Browser device) =>
        HubClient.ConnectAsync(replicas.B.Address, configure: socket => socket.SetRequestHeader("Cookie", device.Cookies.GetAllCookies().Single().ToString()));
}
