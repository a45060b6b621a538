using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class HubTests
{
    private const string Name = "test/a";

    [Fact]
    public async Task A_reader_that_stopped_is_cut_and_delays_nobody()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        using var stopped = await RawSocket.ConnectAsync(server.Address);
        await stopped.SendAsync($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{Name}}",null,null]}""");
        Assert.Contains("\"recovered\":true", await stopped.ReceiveAsync());

        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        for (var i = 0; i < 1_000; i++)
        {
            server.Sink.Deliver([server.Log.Append(Name, data: big)]);
            if (i % 100 == 99)
                await Eventually.Is(() => client.Live(Name).Count == i + 1);
        }

        Assert.Equal(2, server.Sockets.Count);
        await Flood.IsStuckAsync(server);
        server.Clock!.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Is(() => server.Sockets.Count == 1);
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_from_the_log()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var slow = await RawSocket.ConnectAsync(server.Address);
        await slow.SendAsync($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{Name}}",null,null]}""");
        await slow.ReceiveAsync();
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        for (var i = 0; i < 1_000; i++)
            server.Sink.Deliver([server.Log.Append(Name, data: big)]);

        for (var next = 1; next <= 1_000;)
        {
            using var message = JsonDocument.Parse(await slow.ReceiveAsync() ?? throw new InvalidOperationException($"Closed before {next}."));
            if (message.RootElement.GetProperty("type").GetInt32() != 1 || message.RootElement.GetProperty("target").GetString() != "events")
                continue;
            foreach (var happened in message.RootElement.GetProperty("arguments")[1].EnumerateArray())
                Assert.Equal(next++, happened.GetProperty("seq").GetInt64());
        }
    }

    [Fact]
    public async Task Who_subscribes_from_a_place_that_is_trimmed_meanwhile_is_told_that_it_is_not_recovered()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 1_000);
        await using var warm = await server.ConnectAsync();
        await warm.SubscribeAsync(Name);
        await using var client = await server.ConnectAsync();
        server.Log.Append("test/b", 1_000);
        await warm.SubscribeAsync("test/b");
        server.Log.Held = new TaskCompletionSource();
        var answering = client.SubscribeAsync("test/b", after: 10);
        server.Log.Trim("test/b", 500);
        server.Log.Held.SetResult();

        Assert.False((await answering).Recovered);
    }

    [Fact]
    public async Task Another_epoch_ends_subscriptions_with_resync()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, 10);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);

        server.Log.Rewind(Name, 5);
        server.Sink.EpochChanged("test");
        server.Happen(Name);

        await Eventually.Is(() => client.Calls("resync").Count == 1);
        Assert.Equal(Name, client.Calls("resync")[0][0].GetString());
        var again = await client.SubscribeAsync(Name, after: 10, epoch: "e1");
        Assert.Equal((false, 6, "e1x"), (again.Recovered, again.Head, again.Epoch));
        server.Happen(Name);
        await Eventually.Is(() => client.Live(Name).SequenceEqual([7L]));
    }

    [Fact]
    public async Task A_hole_the_log_has_trimmed_is_a_resync_and_a_hole_it_has_is_healed()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        server.Log.Append(Name, 3);
        server.Sink.Deliver([server.Log.Append(Name)]);
        await Eventually.Is(() => client.Live(Name).SequenceEqual([1L, 2L, 3L, 4L]));

        server.Log.Append(Name, 3);
        server.Log.Trim(Name, 6);
        server.Sink.Deliver([server.Log.Append(Name)]);

        await Eventually.Is(() => client.Calls("resync").Count == 1);
        Assert.Equal(4, client.Live(Name).Count);
    }

    [Fact]
    public async Task Any_upgrade_is_a_new_connection_whatever_id_it_brings()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await RawSocket.ConnectAsync(server.Address, "id=negotiated-elsewhere");
        await client.SendAsync($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{Name}}",null,null]}""");
        Assert.Contains("\"recovered\":true", await client.ReceiveAsync());
    }

    [Fact]
    public async Task More_sockets_than_there_is_room_for_are_refused_with_503()
    {
        await using var server = await LiveServer.StartAsync(mostSockets: 1);
        await using var client = await server.ConnectAsync();
        using var http = new HttpClient { BaseAddress = server.Address };

        var refused = await http.PostAsync("/hub/negotiate?negotiateVersion=1", content: null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("5", refused.Headers.RetryAfter?.ToString());
        Assert.Equal("urn:modular:too-many-sockets", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_leaving_replica_asks_its_sockets_to_reconnect()
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);

        await server.StopAsync();

        await Eventually.Is(() => client.Closed.IsCompleted);
        Assert.InRange(client.Calls("reconnect").Single()[0].GetInt64(), 0, 2_000);
    }

    [Fact]
    public async Task Who_never_says_a_word_after_the_handshake_is_taken_for_gone()
    {
        await using var server = await LiveServer.StartAsync(configure: s => s.Configure<HubOptions>(hub => hub.ClientTimeoutInterval = TimeSpan.FromSeconds(0.2)));
        using var silent = await RawSocket.ConnectAsync(server.Address);

        await silent.ReadToEndAsync();
        await Eventually.Is(() => server.Sockets.Count == 0);
    }
}
