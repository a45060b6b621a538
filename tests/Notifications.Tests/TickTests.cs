using Microsoft.AspNetCore.SignalR;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class TickTests
{
    private const string Name = "test/a";

    [Fact]
    public async Task Heads_are_told_every_interval_and_a_lost_last_event_is_healed_first()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        server.Log.Append(Name, 3);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await client.SubscribeAsync("test/b");
        server.Log.Append(Name);                             // its delivery is lost

        await Eventually.Is(() => Tick(server) && client.Live(Name).SequenceEqual([4L]));
        await Eventually.Is(() => Tick(server) && client.Calls("heads").Any(h => h[0].TryGetProperty(Name, out var head) && head.GetInt64() == 4));

        Assert.Equal(0, client.Calls("heads")[^1][0].GetProperty("test/b").GetInt64());
        var told = client.Wire.ToList();
        var first = told.FindIndex(m => m.ToString().Contains("\"heads\"") && m.ToString().Contains("\"test/a\":4"));
        Assert.True(told.FindIndex(m => m.ToString().Contains("\"seq\":4")) < first, "Heads came before the event they count.");
    }

    [Fact]
    public async Task A_lost_last_event_is_healed_within_twelve_seconds()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await HealingAsync();

        // Lost right behind a healing, so that it waits for a whole interval; more than one try, because a busy machine is late for ticks.
        await Eventually.Is(async () => await HealingAsync() <= TimeSpan.FromSeconds(12));

        async Task<TimeSpan> HealingAsync()
        {
            var (lost, began) = (server.Log.Append(Name).Seq, server.Clock!.GetTimestamp());
            await Eventually.Is(() => Tick(server) && client.Live(Name).Contains(lost));
            return server.Clock.GetElapsedTime(began);
        }
    }

    [Fact]
    public async Task A_lost_last_event_is_healed_also_while_the_database_takes_longer_than_a_second()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        server.Log.Append(Name);                             // its delivery is lost
        var held = server.Log.Held = new TaskCompletionSource();
        var reads = server.Log.Reads;
        await Eventually.Is(() => Tick(server) && server.Log.Reads > reads);

        for (var i = 0; i < 8; i++)
            Tick(server);
        server.Log.Held = null;
        held.SetResult();

        // Fewer ticks than it takes to read the heads anew.
        var ticks = 0;
        await Eventually.Is(() => (ticks++ >= 10 || Tick(server)) && client.Live(Name).SequenceEqual([1L]));
    }

    [Fact]
    public async Task Heads_that_cannot_be_read_are_asked_for_again_before_the_next_interval()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        server.Log.Append(Name);                             // its delivery is lost
        server.Log.Away = true;
        var reads = server.Log.Reads;
        await Eventually.Is(() => Tick(server) && server.Log.Reads > reads);
        server.Log.Away = false;

        // Fewer ticks than an interval has.
        var ticks = 0;
        await Eventually.Is(() => (ticks++ >= 18 || Tick(server)) && client.Live(Name).SequenceEqual([1L]));
    }

    [Fact]
    public async Task A_lost_right_closes_the_stream_and_nothing_else()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        var ann = Guid.NewGuid();
        await using var client = await server.ConnectAsync(ann);
        await using var other = await server.ConnectAsync(Guid.NewGuid());
        foreach (var each in new[] { client, other })
        {
            await each.SubscribeAsync(Name);
            await each.SubscribeAsync("test/b");
        }

        server.Log.Denied[(Name, ann)] = true;
        await Eventually.Is(() => Tick(server) && client.Calls("closed").Count == 1);
        server.Happen(Name);
        server.Happen("test/b");

        Assert.Equal($$"""["{{Name}}","members-only","Only members may read this."]""", client.Calls("closed")[0].GetRawText());
        await Eventually.Is(() => client.Live("test/b").Count == 1 && other.Live(Name).Count == 1);
        Assert.Empty(client.Live(Name));
        Assert.Empty(other.Calls("closed"));
    }

    [Fact]
    public async Task Rights_are_asked_once_for_all_connections_of_a_caller()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        for (var i = 0; i < 5; i++)
            await (await server.ConnectAsync()).SubscribeAsync(Name);
        var asked = server.Log.Questions;

        await Eventually.Is(() => Step(server) && server.Log.Questions > asked);

        Assert.Equal(asked + 1, server.Log.Questions);
    }

    [Fact]
    public async Task An_ended_session_ends_its_connections()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        var ann = Guid.NewGuid();
        await using var client = await server.ConnectAsync(ann);
        await using var other = await server.ConnectAsync(Guid.NewGuid());

        server.Log.Ended[ann] = true;

        await Eventually.Is(() => Tick(server) && client.Closed.IsCompleted);
        await Eventually.Is(() => server.Sockets.Count == 1);
        Assert.False(other.Closed.IsCompleted);
    }

    [Fact]
    public async Task More_than_twenty_Authenticate_a_second_are_refused()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 20; i++)
            Assert.Contains("token-invalid: ", (await Assert.ThrowsAsync<HubException>(() => client.AuthenticateAsync("guess"))).Message);
        Assert.Contains("rate-limited: ", (await Assert.ThrowsAsync<HubException>(() => client.AuthenticateAsync("guess"))).Message);

        server.Clock!.Advance(TimeSpan.FromSeconds(1));

        await client.AuthenticateAsync(Guid.NewGuid().ToString());
    }

    [Fact]
    public async Task Authenticate_changes_who_the_connection_is()
    {
        await using var server = await LiveServer.StartAsync();
        var ann = Guid.NewGuid();
        server.Log.Denied[(Name, Guid.Empty)] = true;
        server.Log.Denied[("test/b", ann)] = true;
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync("test/b");
        await Assert.ThrowsAsync<HubException>(() => client.SubscribeAsync(Name));
        Assert.Contains("token-invalid: ", (await Assert.ThrowsAsync<HubException>(() => client.AuthenticateAsync("nonsense"))).Message);

        await client.AuthenticateAsync(ann.ToString());

        await client.SubscribeAsync(Name);
        await Eventually.Is(() => client.Calls("closed").Count == 1);
        Assert.Equal("test/b", client.Calls("closed")[0][0].GetString());
    }

    private static bool Tick(LiveServer server)
    {
        server.Clock!.Advance(TimeSpan.FromMilliseconds(250));
        return true;
    }

    private static bool Step(LiveServer server)
    {
        server.Clock!.Advance(TimeSpan.FromMilliseconds(1_250));
        return true;
    }
}
