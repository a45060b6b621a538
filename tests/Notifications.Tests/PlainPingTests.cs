using System.Buffers.Binary;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PlainPingTests
{
    private const int Text = 1;
    private const int Close = 8;
    private const int Ping = 9;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_ping_comes_every_five_seconds_and_whoever_answers_stays()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var peer = await OpenAsync(server);
        for (var round = 0; round < 10; round++)
        {
            server.Clock!.Advance(Round);
            Assert.Equal(Ping, (await peer.FrameAsync())!.Value.Kind);
            await peer.PongAsync();
            await peer.SendAsync([0x81, 0x82, 0, 0, 0, 0, (byte)'{', (byte)'}']);
            Assert.Equal(Text, (await peer.FrameAsync())!.Value.Kind);       // its answer: the pong before it has been taken
        }

        Assert.Equal(1, server.Sockets.Count);
    }

    [Fact]
    public async Task Whoever_sends_no_pong_for_thirty_seconds_is_cut_and_counted()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var measured = new Measured(server.Services);
        using var peer = await OpenAsync(server);
        for (var round = 0; round < 6; round++)
        {
            server.Clock!.Advance(Round);
            Assert.Equal(Ping, (await peer.FrameAsync())!.Value.Kind);
        }

        server.Clock!.Advance(Round);
        Assert.Null(await peer.FrameAsync());
        Assert.Equal(1, measured.Sum("modular.notifications.cut", ("reason", "silent")));
        await Eventually.Is(() => server.Sockets.Count == 0);
    }

    [Fact]
    public async Task Whoever_takes_nothing_for_ten_seconds_is_closed_with_1013_when_it_reads_again()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var measured = new Measured(server.Services);
        using var peer = await OpenAsync(server, receiveBuffer: 4 * 1024);
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        await Flood.IsStuckAsync(server, more: () => server.Sink.Deliver([server.Log.Append(FakeRooms.Lobby, data: big)]));

        server.Clock!.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Is(() => measured.Sum("modular.notifications.cut", ("reason", "slow")) == 1);
        (int Kind, byte[] Payload) last;
        do
            last = (await peer.FrameAsync())!.Value;
        while (last.Kind != Close);
        Assert.Equal(1013, BinaryPrimitives.ReadUInt16BigEndian(last.Payload));

        await Eventually.Is(() => Goodbye(server) && server.Sockets.Count == 0);
        Assert.Null(await peer.FrameAsync());
        Assert.Empty(server.Errors.Lines);
    }

    /// <summary>It does not say goodbye in its turn.</summary>
    private static bool Goodbye(LiveServer server)
    {
        server.Clock!.Advance(TimeSpan.FromSeconds(5));
        return true;
    }

    private static async Task<RawPlainPeer> OpenAsync(LiveServer server, int receiveBuffer = 64 * 1024)
    {
        var peer = await RawPlainPeer.ConnectAsync(server, receiveBuffer);
        await Eventually.Is(() => server.Sockets.All.SingleOrDefault()?.Find(FakeRooms.Lobby)?.IsOpen == true);
        return peer;
    }
}
