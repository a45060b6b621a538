using System.Net.WebSockets;
using System.Text;
using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>What a client without SignalR gets: npm's <c>ws</c> on <c>/ws/</c>.</summary>
[Collection<OneHost>]
public sealed class PlainSocketTests(OneHost one)
{
    [Theory]
    [InlineData("/ws/")]
    [InlineData("/ws")]
    public async Task A_question_in_the_lobby_is_a_newquestion_to_whoever_is_connected(string path)
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address, path: path);

        var asked = (await Lobby.AskAsync(one.Address, $"By {path}?", path)).Must(201);

        var frame = await socket.SeesAsync("newquestion");
        frame.EnumerateObject().Select(m => m.Name).ShouldBe(["msg_type", "stream", "seq", "data"]);
        frame.GetProperty("stream").GetString().ShouldBe(Lobby.Stream);
        var question = frame.GetProperty("data");
        (question.GetProperty("id").GetGuid(), question.GetProperty("body").GetString()).ShouldBe((asked.Id, $"By {path}?"));
        question.EnumerateObject().Select(m => m.Name).ShouldBe(
            ["id", "roomId", "body", "author", "state", "votes", "pinned", "labels", "reply", "createdAt", "updatedAt", "version"], ignoreOrder: true);
        using var list = one.Somebody();
        frame.GetProperty("seq").GetInt64().ShouldBe((await list.Get("/api/questions")).Must(200)["stream"].GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Whoever_names_a_room_follows_it_and_no_other_and_its_other_events_come_by_their_type()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        await using var socket = await PlainSocket.OpenAsync(one.Address, $"?room={room.Code[..3].ToLowerInvariant()}%20{room.Code[3..]}");
        (await Lobby.AskAsync(one.Address, "In the lobby?", "lobby")).Must(201);

        var question = await room.AskAsync("In the room?");
        await VoteAsync(question);
        var voted = await socket.SeesAsync("question.voted");
        await room.AnswerAsync(question);
        await room.PauseAsync();

        (await socket.SeesAsync("question.answered")).GetProperty("data").GetProperty("state").GetString().ShouldBe("answered");
        var paused = await socket.SeesAsync("room.paused");
        voted.GetProperty("data").GetRawText().ShouldBe($$"""{"id":"{{question}}","votes":2}""");
        (paused.GetProperty("stream").GetString(), paused.GetProperty("data").GetProperty("code").GetString()).ShouldBe((room.Stream, room.Code));
        socket.Frames[0].GetProperty("msg_type").GetString().ShouldBe("newquestion");
        socket.Numbers(room.Questions).ShouldBe(Enumerable.Range(1, socket.Numbers(room.Questions).Count).Select(n => (long)n));
        socket.Frames.ShouldAllBe(f => f.GetProperty("stream").GetString() == room.Stream || f.GetProperty("stream").GetString() == room.Questions);
    }

    /// <summary>Thirty at once: the moment between the upgrade and the first number is short, and longer where there is work.</summary>
    [Fact]
    public async Task What_is_asked_from_the_moment_a_socket_is_open_comes_over_it()
    {
        var rooms = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => HostedRoom.OpenAsync(one.Address)));

        var missed = await Task.WhenAll(rooms.Select(async room =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(one.Address) { Scheme = "ws", Path = "/ws/", Query = $"room={room.Code}" }.Uri, CancellationToken.None);
            await room.AskAsync("Right now?");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            return await FirstTextAsync(socket, limit.Token) is null;
        }));

        missed.Count(m => m).ShouldBe(0);
        foreach (var room in rooms)
            room.Dispose();
    }

    [Fact]
    public async Task Whoever_says_what_it_saw_last_gets_what_came_since()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        for (var n = 1; n <= 3; n++)
            await room.AskAsync($"Question {n}?");

        await using var socket = await PlainSocket.OpenAsync(one.Address, $"?room={room.Code}&after={room.Questions}@1");

        await room.AskAsync("Question 4?");
        await socket.SeesAsync("newquestion", times: 3);
        socket.Numbers(room.Questions).ShouldBe([2L, 3, 4]);
    }

    [Fact]
    public async Task Whoever_saw_what_never_was_is_told_to_take_a_snapshot()
    {
        using var room = await HostedRoom.OpenAsync(one.Address);
        await using var socket = await PlainSocket.OpenAsync(one.Address, $"?room={room.Code}&after={room.Questions}@7");

        (await socket.SeesAsync("resync")).GetRawText().ShouldBe($$"""{"msg_type":"resync","stream":"{{room.Questions}}"}""");
    }

    [Theory]
    [InlineData("?room=NOSUCH", 404, "room-not-found")]
    [InlineData("?access_token=made-up", 401, "token-invalid")]
    public async Task What_cannot_be_followed_is_refused_before_the_upgrade(string query, int status, string type)
    {
        var answer = (await PlainSocket.RefusedAsync(one.Address, query)).Must(status);

        answer.Problem.ShouldBe(type);
        answer.Headers["Content-Type"].ShouldStartWith("application/problem+json");
    }

    [Fact]
    public async Task A_page_of_another_site_gets_no_socket() =>
        (await PlainSocket.RefusedAsync(one.Address, "", ("Origin", "https://elsewhere.example"))).Must(403).Problem.ShouldBe("cross-origin");

    [Fact]
    public async Task A_request_that_does_not_ask_for_a_socket_is_told_to_do_so()
    {
        using var browser = one.Somebody();

        var answer = (await browser.Get("/ws/")).Must(426);

        answer.Problem.ShouldBe("upgrade-required");
        answer.Headers["Upgrade"].ShouldBe("websocket");
        answer.Headers["Content-Type"].ShouldStartWith("application/problem+json");
    }

    /// <summary>Null where none comes in time.</summary>
    private static async Task<string?> FirstTextAsync(ClientWebSocket socket, CancellationToken limit)
    {
        var buffer = new byte[4096];
        try
        {
            var read = await socket.ReceiveAsync(buffer, limit);
            return Encoding.UTF8.GetString(buffer, 0, read.Count);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task VoteAsync(Guid question)
    {
        using var voter = one.Somebody();
        (await voter.Post("/api/users/guests")).Must(201);
        (await voter.Put($"/api/questions/{question}/vote")).Must(200);
    }
}
