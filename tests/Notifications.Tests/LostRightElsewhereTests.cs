using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>As <see cref="LostRightTests"/>, for those who follow without the hub.</summary>
public sealed class LostRightElsewhereTests
{
    private const string Lost = FakeRooms.Lobby;
    private const string Kept = FakeRooms.Votes;
    private const int MostAFrame = 9;                                  // of 30 KB

    [Fact]
    public async Task Over_a_plain_socket_nothing_of_the_stream_comes_after_closed_and_the_other_comes_to_its_end()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var peer = await PlainPeer.ConnectAsync(server);
        var written = await LoseWhileStuckAsync(server);

        var (lost, kept) = (new List<long?>(), new List<long?>());
        while (kept is not [.., Flood.Events])
        {
            var message = (await peer.NextAsync())!.Value;
            (message.GetProperty("stream").GetString() == Lost ? lost : kept).Add(
                message.GetProperty("msg_type").GetString() == "closed" ? null : message.GetProperty("seq").GetInt64());
        }

        AssertClosedBehindTheFrameInFlight(lost, written);
        AssertGapless(kept);
        await EndedAsync(server, peer.Dispose);
    }

    [Fact]
    public async Task As_server_sent_events_nothing_of_the_stream_comes_after_closed_and_the_other_comes_to_its_end()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var client = await SseClient.ConnectAsync(server, $"?stream={Lost}&stream={Kept}");
        var written = await LoseWhileStuckAsync(server);

        var (lost, kept) = (new List<long?>(), new List<long?>());
        while (kept is not [.., Flood.Events])
        {
            var (name, data) = (await client.NextAsync())!.Value;
            (data.GetProperty("stream").GetString() == Lost ? lost : kept).AddRange(
                name == "closed" ? [null] : data.GetProperty("events").EnumerateArray().Select(e => (long?)e.GetProperty("seq").GetInt64()));
        }

        AssertClosedBehindTheFrameInFlight(lost, written);
        AssertGapless(kept);
        Assert.StartsWith($"{Kept}@{Flood.Events}", client.LastId);
        await EndedAsync(server, client.Dispose);
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/api/notifications/sse")]
    public async Task An_ended_session_is_cut_also_while_a_frame_waits(string way)
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var measured = new Measured(server.Services);
        var ann = Guid.NewGuid();
        using IDisposable client = way == "/ws"
            ? await PlainPeer.ConnectAsync(server, $"access_token={ann}")
            : await SseClient.ConnectAsync(server, $"?stream={Lost}&stream={Kept}&access_token={ann}");
        await FloodAsync(server);
        server.Log.Ended[ann] = true;

        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Is(() => measured.Sum("modular.notifications.cut", ("reason", "session")) == 1);

        // Nor does a goodbye get through, which has some seconds.
        await Eventually.Is(() => Second(server) && server.Sockets.Count == 0);
        await server.NothingIsLeftAsync();
        Assert.Empty(server.Errors.Lines);
    }

    private static bool Second(LiveServer server)
    {
        server.Clock!.Advance(TimeSpan.FromSeconds(1));
        return true;
    }

    private static async Task FloodAsync(LiveServer server)
    {
        server.Log.MostAPage = MostAFrame;
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Subscriptions is { Length: 2 } both && both.All(s => s.IsOpen));
        await Flood.UntilStuckAsync(server, Lost, Kept);
    }

    /// <summary>Answers how much of the lost stream had been written by then.</summary>
    private static async Task<long> LoseWhileStuckAsync(LiveServer server)
    {
        await FloodAsync(server);
        var subscription = server.Sockets.All.Single().Find(Lost)!;
        server.Log.Denied[(Lost, Guid.Empty)] = true;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Is(() => subscription.Last is not null);
        return subscription.Cursor;
    }

    private static void AssertClosedBehindTheFrameInFlight(List<long?> lost, long written)
    {
        Assert.Null(lost[^1]);
        AssertGapless(lost.SkipLast(1));
        Assert.InRange(lost.Count - 1, written, written + MostAFrame);
    }

    private static void AssertGapless(IEnumerable<long?> numbers)
    {
        var all = numbers.ToList();
        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long?)n), all);
    }

    private static async Task EndedAsync(LiveServer server, Action leave)
    {
        leave();
        await server.NothingIsLeftAsync();
        Assert.Empty(server.Errors.Lines);
    }
}
