using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>Bytes on a plain socket that are not what RFC 6455 says a client sends.</summary>
public sealed class PlainGarbageTests : IAsyncLifetime
{
    private const int Text = 1;
    private const int Close = 8;
    private LiveServer server = null!;
    private PlainPeer good = null!;
    private RawPlainPeer ugly = null!;
    private int happened;

    public async ValueTask InitializeAsync()
    {
        server = await LiveServer.StartAsync(manualTime: true);
        good = await PlainPeer.ConnectAsync(server);
        ugly = await RawPlainPeer.ConnectAsync(server);
        await Eventually.Is(() => server.Sockets.All.Count(c => c.Find(FakeRooms.Lobby)?.IsOpen == true) == 2);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 5, 1, 2, 3, 4, 5 })]                                                              // a text without a mask
    [InlineData(new byte[] { 0xc1, 0x80, 0, 0, 0, 0 })]                                                          // a reserved bit
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 })]                                                          // a reserved kind
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 })]                                                          // a continuation of nothing
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 })]                                                          // a ping in pieces
    [InlineData(new byte[] { 0x89, 0xfe, 0, 126, 0, 0, 0, 0 })]                                                  // a ping of 126 bytes
    [InlineData(new byte[] { 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 })]          // a text of more bytes than there are
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 3 })]                                                       // half a goodbye
    public async Task What_is_no_frame_ends_its_connection(byte[] bytes)
    {
        await ugly.SendAsync(bytes);

        while (await ugly.FrameAsync() is { } frame)
            Assert.Equal(Close, frame.Kind);
        await Eventually.Is(() => server.Sockets.Count == 1);
        await NobodyElseNoticesAsync();
    }

    [Fact]
    public async Task A_message_that_goes_on_and_on_is_answered_once_it_ends_and_holds_up_nobody()
    {
        await ugly.SendAsync(0x01, 0xfe, 0x04, 0, 0, 0, 0, 0);
        await ugly.SendAsync(new byte[1024]);
        for (var piece = 0; piece < 200; piece++)
            await ugly.SendAsync([0x00, 0xfe, 0x04, 0, 0, 0, 0, 0, .. new byte[1024]]);
        await TheGoodOneGoesOnAsync();
        Assert.Equal(Text, (await ugly.FrameAsync())!.Value.Kind);
        await ugly.SendAsync(0x80, 0x80, 0, 0, 0, 0);

        Assert.Contains("error", System.Text.Encoding.UTF8.GetString((await ugly.FrameAsync())!.Value.Payload));
        await NobodyElseNoticesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        ugly.Dispose();
        good.Dispose();
        await server.DisposeAsync();
    }

    private async Task TheGoodOneGoesOnAsync()
    {
        happened++;
        server.Happen(FakeRooms.Lobby);
        Assert.Equal(happened, (await good.NextAsync())!.Value.GetProperty("seq").GetInt32());
    }

    private async Task NobodyElseNoticesAsync()
    {
        await TheGoodOneGoesOnAsync();
        Assert.Empty(server.Errors.Lines);
        ugly.Dispose();
        good.Dispose();
        await server.NothingIsLeftAsync();
    }
}
