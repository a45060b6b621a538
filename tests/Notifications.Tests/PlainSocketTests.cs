using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PlainSocketTests
{
    [Fact]
    public async Task Whoever_comes_follows_the_streams_of_the_lobby_one_message_an_event()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        server.Sink.Deliver(server.Log.Append(FakeRooms.Lobby, 3));
        server.Happen(FakeRooms.Votes);

        var messages = new List<JsonElement>();
        while (messages.Count < 4)
            messages.Add((await peer.NextAsync())!.Value);
        Assert.Equal([1, 2, 3], messages.Where(m => m.GetProperty("stream").GetString() == FakeRooms.Lobby).Select(m => m.GetProperty("seq").GetInt64()));
        Assert.Equal("""{"msg_type":"newthing","stream":"test/lobby/votes","seq":1,"data":{"text":"a"}}""", messages.Single(m => m.GetProperty("stream").GetString() == FakeRooms.Votes).GetRawText());
    }

    [Fact]
    public async Task A_named_room_is_followed_and_an_unknown_one_is_refused_before_the_upgrade()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server, "room=PARTY");
        server.Happen(FakeRooms.Lobby);
        server.Happen(FakeRooms.Party);
        Assert.Equal(FakeRooms.Party, (await peer.NextAsync())!.Value.GetProperty("stream").GetString());

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => PlainPeer.ConnectAsync(server, "room=NOWHERE"));
        Assert.Contains("404", refused.Message);
        Assert.Contains("400", (await Assert.ThrowsAsync<WebSocketException>(() => PlainPeer.ConnectAsync(server, "after=nonsense"))).Message);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(900)]
    public async Task After_a_number_it_goes_on_from_the_ring_or_the_log(int missed)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(FakeRooms.Lobby, missed + 5);
        using var peer = await PlainPeer.ConnectAsync(server, $"after={FakeRooms.Lobby}@5&after={FakeRooms.Votes}@0");
        for (var seq = 6; seq <= missed + 5; seq++)
            Assert.Equal(seq, (await peer.NextAsync())!.Value.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Where_the_log_no_longer_reaches_back_it_is_told_and_goes_on_from_the_head()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(FakeRooms.Lobby, 400);
        server.Log.Trim(FakeRooms.Lobby, 390);
        using var peer = await PlainPeer.ConnectAsync(server, $"after={FakeRooms.Lobby}@3");
        Assert.Equal("""{"msg_type":"resync","stream":"test/lobby"}""", (await peer.NextAsync())!.Value.GetRawText());
        server.Happen(FakeRooms.Lobby);
        Assert.Equal(401, (await peer.NextAsync())!.Value.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_message_of_any_length_is_whole()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        foreach (var length in new[] { 1, 200, 70_000 })
        {
            server.Sink.Deliver([server.Log.Append(FakeRooms.Lobby, data: $$"""{"text":"{{new string('x', length)}}"}""")]);
            Assert.Equal(length, (await peer.NextAsync())!.Value.GetProperty("data").GetProperty("text").GetString()!.Length);
        }
    }

    [Theory]
    [InlineData("hello", "message-unknown")]
    [InlineData("[1]", "message-unknown")]
    [InlineData("""{"msg_type":"ping"}""", "message-unknown")]
    [InlineData("""{"msg_type":"auth"}""", "token-invalid")]
    [InlineData("""{"msg_type":"auth","token":7}""", "token-invalid")]
    [InlineData("""{"msg_type":"auth","token":"wrong"}""", "token-invalid")]
    [InlineData("", "message-unknown")]
    public async Task Text_that_is_not_understood_is_answered_and_the_connection_stays(string text, string code)
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        await peer.SendAsync(text);
        var answer = (await peer.NextAsync())!.Value;
        Assert.Equal(("error", code), (answer.GetProperty("msg_type").GetString(), answer.GetProperty("code").GetString()));
        await peer.SendAsync(new string('x', 40_000));
        Assert.Equal("message-too-long", (await peer.NextAsync())!.Value.GetProperty("code").GetString());
        server.Happen(FakeRooms.Lobby);
        Assert.Equal(1, (await peer.NextAsync())!.Value.GetProperty("seq").GetInt64());
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task Signing_in_says_who_it_is_and_opens_what_only_that_one_may_read()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Denied[(FakeRooms.Votes, Guid.Empty)] = true;
        using var peer = await PlainPeer.ConnectAsync(server);
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(FakeRooms.Lobby)?.IsOpen == true);
        Assert.Null(server.Sockets.All.Single().Find(FakeRooms.Votes));
        var ann = Guid.NewGuid();
        await peer.SendAsync($$"""{"msg_type":"auth","token":"{{ann}}"}""");
        Assert.Equal($$"""{"msg_type":"auth","userId":"{{ann}}","name":"Ann"}""", (await peer.NextAsync())!.Value.GetRawText());
        await Eventually.Is(() => server.Sockets.All.Single().Find(FakeRooms.Votes)?.IsOpen == true);
        server.Happen(FakeRooms.Votes);
        Assert.Equal(FakeRooms.Votes, (await peer.NextAsync())!.Value.GetProperty("stream").GetString());
    }

    [Fact]
    public async Task Binary_comes_back_up_to_32_KB_and_more_closes_with_1009()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        var binary = new byte[32 * 1024];
        Random.Shared.NextBytes(binary);
        await peer.SendAsync(binary);
        Assert.Equal(binary, await peer.MessageAsync());
        await peer.SendAsync([]);
        Assert.Empty((await peer.MessageAsync())!);
        await peer.SendAsync(new byte[(32 * 1024) + 1]);
        Assert.Null(await peer.MessageAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, peer.CloseStatus);
    }

    [Fact]
    public async Task A_client_that_closes_gets_its_goodbye_and_leaves_nothing_behind()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        await peer.CloseAsync();
        Assert.Null(await peer.MessageAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, peer.CloseStatus);
        await Eventually.Is(() => server.Sockets.Count == 0);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task While_the_database_is_away_nobody_is_let_in_and_who_is_in_stays()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Denied[(FakeRooms.Votes, Guid.Empty)] = true;
        using var inside = await ConnectAsync(server);
        server.Log.Away = true;
        await inside.SendAsync($$"""{"msg_type":"auth","token":"{{Guid.NewGuid()}}"}""");
        Assert.Equal("auth", (await inside.NextAsync())!.Value.GetProperty("msg_type").GetString());
        Assert.Equal("unavailable", (await inside.NextAsync())!.Value.GetProperty("code").GetString());

        await Assert.ThrowsAsync<WebSocketException>(() => PlainPeer.ConnectAsync(server, "room=PARTY"));
        Assert.Equal(1, server.Sockets.Count);
        server.Happen(FakeRooms.Lobby);
        Assert.Equal(1, (await inside.NextAsync())!.Value.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_replica_that_leaves_says_so()
    {
        await using var server = await LiveServer.StartAsync();
        using var peer = await ConnectAsync(server);
        var stopping = server.StopAsync();
        Assert.Null(await peer.MessageAsync());
        Assert.Equal((WebSocketCloseStatus)1012, peer.CloseStatus);
        await peer.CloseAsync();
        await stopping;
    }

    [Fact]
    public async Task A_lost_right_closes_the_stream_and_an_ended_session_the_socket()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        var ann = Guid.NewGuid();
        using var peer = await ConnectAsync(server, $"access_token={ann}");
        server.Log.Denied[(FakeRooms.Votes, ann)] = true;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("""{"msg_type":"closed","stream":"test/lobby/votes","code":"members-only","detail":"Only members may read this."}""", (await peer.NextAsync())!.Value.GetRawText());

        server.Log.Ended[ann] = true;
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await peer.MessageAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, peer.CloseStatus);
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/ws/")]
    public async Task A_plain_GET_is_told_to_upgrade(string path)
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(server.Address, path));
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("websocket", answer.Headers.Upgrade.Single().Name);
        Assert.Contains("urn:modular:upgrade-required", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<PlainPeer> ConnectAsync(LiveServer server, string query = "")
    {
        var peer = await PlainPeer.ConnectAsync(server, query);
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Subscriptions is { Length: > 0 } all && all.All(s => s.IsOpen));
        return peer;
    }
}
