using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>What a client may send to <c>/ws/</c>, and what comes of it.</summary>
[Collection<OneHost>]
public sealed class PlainSocketMessageTests(OneHost one)
{
    private const int Most = 32 * 1024;

    [Fact]
    public async Task A_client_signs_in_with_a_text_and_a_wrong_token_costs_it_nothing()
    {
        using var ann = one.Somebody();
        var signedIn = (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201);
        await using var socket = await PlainSocket.OpenAsync(one.Address);

        await socket.SendAsync(Auth("made-up"));
        IsError(await socket.SeesAsync("error"));
        await socket.SendAsync(Auth(signedIn["accessToken"].GetString()!));

        var me = await socket.SeesAsync("auth");
        (me.GetProperty("userId").GetGuid(), me.GetProperty("name").GetString()).ShouldBe((signedIn["user"].GetProperty("id").GetGuid(), "Ann"));
        await GoesOnAsync(socket, "auth");
    }

    [Fact]
    public async Task A_client_whose_session_ends_is_closed()
    {
        using var ann = one.Somebody();
        var token = (await ann.Post("/api/users/guests")).Must(201)["accessToken"].GetString()!;
        await using var inText = await PlainSocket.OpenAsync(one.Address);
        await inText.SendAsync(Auth(token));
        await inText.SeesAsync("auth");
        await using var inAddress = await PlainSocket.OpenAsync(one.Address, $"?access_token={token}");

        (await ann.Post("/api/users/logout")).Must(204);

        foreach (var socket in new[] { inText, inAddress })
            (await socket.ClosedAsync()).Code.ShouldBe(1008);
    }

    [Fact]
    public async Task Text_that_means_nothing_is_answered_with_an_error_and_the_connection_goes_on()
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address);
        string[] texts = ["hello", "", "{}", "null", "[1]", "\"auth\"", """{"msg_type":"dance"}""", """{"msg_type":1}""", """{"msg_type":"auth"}""", """{"msg_type":"auth","token":7}""", new string('x', Most), new string('x', 10 * Most)];

        foreach (var text in texts)
            await socket.SendAsync(text);

        await socket.SeesAsync("error", texts.Length);
        socket.Of("error").ToList().ForEach(IsError);
        await GoesOnAsync(socket, "errors");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Most, 1)]
    [InlineData(Most, 4)]
    public async Task Bytes_come_back_as_they_were_sent_in_one_piece_or_several(int bytes, int pieces)
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address);

        var sent = await socket.SendBinaryAsync(bytes, pieces);

        await Eventually.Is(() => socket.Binary.Count == 1);
        (socket.Binary[0].GetProperty("bytes").GetInt32(), socket.Binary[0].GetProperty("sha1").GetString()).ShouldBe((bytes, sent));
        await GoesOnAsync(socket, $"{bytes} in {pieces}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    public async Task A_message_that_is_too_big_ends_the_connection(int pieces)
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address);

        await socket.SendBinaryAsync(Most + 1024, pieces);

        (await socket.ClosedAsync()).Code.ShouldBe(1009);
        socket.Binary.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_leaves_in_good_order_is_answered_in_good_order()
    {
        await using var socket = await PlainSocket.OpenAsync(one.Address);

        await socket.CloseAsync(1000, "enough");

        (await socket.ClosedAsync()).Code.ShouldBe(1000);
    }

    private static string Auth(string token) => JsonSerializer.Serialize(new { msg_type = "auth", token });

    private static void IsError(JsonElement frame)
    {
        frame.EnumerateObject().Select(m => m.Name).ShouldBe(["msg_type", "code", "detail"]);
        frame.GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
        frame.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    private async Task GoesOnAsync(PlainSocket socket, string clientId)
    {
        var asked = (await Lobby.AskAsync(one.Address, "Still there?", clientId)).Must(201).Id;
        await Eventually.Is(() => socket.Of("newquestion").Any(q => q.GetProperty("data").GetProperty("id").GetGuid() == asked));
        socket.IsClosed.ShouldBeFalse();
    }
}
