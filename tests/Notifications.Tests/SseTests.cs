using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class SseTests
{
    private const string A = "test/a";
    private const string B = "test/b";

    [Fact]
    public async Task Events_come_as_the_hub_has_them_and_each_carries_the_whole_position()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(A, 3);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}&stream={B}");
        await Eventually.Is(() => server.Sockets.Count == 1 && server.Sockets.All.Single().Subscriptions.All(s => s.IsOpen));
        server.Happen(A);
        var (name, data) = (await client.NextAsync())!.Value;

        Assert.Equal("events", name);
        Assert.Equal(A, data.GetProperty("stream").GetString());
        var happened = Assert.Single(data.GetProperty("events").EnumerateArray());
        Assert.Equal((4, "thing.happened", "a"), (happened.GetProperty("seq").GetInt64(), happened.GetProperty("type").GetString(), happened.GetProperty("data").GetProperty("text").GetString()));
        Assert.Equal($"{A}@4~e1,{B}@0~e1", client.LastId);
        Assert.InRange(client.Retry!.Value, 1_000, 2_000);
        Assert.Equal("text/event-stream", client.Answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", client.Answer.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(900)]
    public async Task Sent_back_as_Last_Event_ID_the_position_goes_on_from_the_ring_or_the_log(int missed)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(A, missed + 5);
        server.Log.Append(B, 2);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}&stream={B}", $"{A}@5~e1,{B}@2");

        Assert.Equal(Enumerable.Range(6, missed).Select(n => (long)n), await client.NumbersAsync(A, missed + 5));
        Assert.Equal($"{A}@{missed + 5}~e1,{B}@2~e1", client.LastId);
    }

    [Theory]
    [InlineData("test/a@2~e1")]
    [InlineData("test/a@9~other")]
    [InlineData("test/a@500~e1")]
    public async Task Who_cannot_go_on_is_told_to_take_a_snapshot_and_goes_on_from_the_head(string position)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(A, 400);
        server.Log.Trim(A, 390);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}", position);

        var (name, data) = (await client.NextAsync())!.Value;
        Assert.Equal(("resync", A), (name, data.GetProperty("stream").GetString()));
        Assert.Equal($"{A}@400~e1", client.LastId);
        server.Happen(A);
        Assert.Equal([401L], await client.NumbersAsync(A, 401));
    }

    [Fact]
    public async Task A_resync_in_the_middle_needs_nothing_of_the_client()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(A, 5);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}");
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(A)?.IsOpen == true);
        server.Log.Rewind(A, 2);
        server.Sink.EpochChanged("test");

        var (name, _) = (await client.NextAsync())!.Value;
        Assert.Equal(("resync", $"{A}@2~e1x"), (name, client.LastId));
        server.Happen(A);
        Assert.Equal([3L], await client.NumbersAsync(A, 3));
    }

    [Fact]
    public async Task Until_a_resync_has_been_told_the_client_is_where_it_was()
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(A, 5);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}&stream={B}");
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(B)?.IsOpen == true);
        server.Log.Away = true;
        server.Streams.Lose(server.Streams.Followed.Single(s => s.Name == A));
        server.Happen(B);

        await client.NextAsync();
        Assert.Equal($"{A}@5~e1,{B}@1~e1", client.LastId);
        server.Log.Away = false;
        Assert.Equal("resync", (await client.NextAsync())!.Value.Event);
    }

    [Fact]
    public async Task Signals_pass_and_a_lost_right_closes_the_stream_and_with_the_last_one_the_answer()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        var ann = Guid.NewGuid();
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}&access_token={ann}");
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(A)?.IsOpen == true);
        server.Sink.Signal(new SignalMessage(A, "typing", Encoding.UTF8.GetBytes("""{"name":"Bob"}""")));
        var (name, data) = (await client.NextAsync())!.Value;
        Assert.Equal(("signal", "typing", "Bob"), (name, data.GetProperty("type").GetString(), data.GetProperty("data").GetProperty("name").GetString()));

        server.Log.Denied[(A, ann)] = true;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        (name, data) = (await client.NextAsync())!.Value;
        Assert.Equal(("closed", "members-only"), (name, data.GetProperty("code").GetString()));
        Assert.Null(await client.NextAsync());
        await Eventually.Is(() => server.Sockets.Count == 0);
    }

    [Fact]
    public async Task Comments_come_while_nothing_happens()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var client = await SseClient.ConnectAsync(server, $"?stream={A}");
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(A)?.IsOpen == true);
        var reading = client.NextAsync();
        await Eventually.Is(() =>
        {
            server.Clock!.Advance(TimeSpan.FromSeconds(1));
            return client.Comments >= 2;
        });
        server.Happen(A);
        await reading;
        Assert.Empty(server.Errors.Lines);
    }

    [Theory]
    [InlineData("", null, HttpStatusCode.BadRequest, "stream-required")]
    [InlineData("?stream=test/a", "nonsense", HttpStatusCode.BadRequest, "after-invalid")]
    [InlineData("?stream=test/a&stream=other/b", null, HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("?stream=test", null, HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("?stream=test/secret", null, HttpStatusCode.Unauthorized, "members-only")]
    public async Task What_cannot_be_followed_is_refused_with_a_problem(string query, string? lastEventId, HttpStatusCode status, string type)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Denied[("test/secret", Guid.Empty)] = true;
        using var client = await SseClient.ConnectAsync(server, query, lastEventId);

        Assert.Equal(status, client.Answer.StatusCode);
        Assert.Contains($"urn:modular:{type}", await client.TextAsync());
        Assert.Empty(server.Streams.Followed);
    }

    [Fact]
    public async Task Who_leaves_leaves_nothing_behind_and_a_replica_that_leaves_ends_the_answer()
    {
        await using var server = await LiveServer.StartAsync();
        using (await SseClient.ConnectAsync(server, $"?stream={A}"))
            await Eventually.Is(() => server.Sockets.Count == 1);
        await Eventually.Is(() => server.Sockets.Count == 0);

        using var client = await SseClient.ConnectAsync(server, $"?stream={A}");
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(A)?.IsOpen == true);
        var stopping = server.StopAsync();
        Assert.Null(await client.NextAsync());
        Assert.Equal($"{A}@0~e1", client.LastId);
        await stopping;
        Assert.Empty(server.Errors.Lines);
    }
}
