using System.Net.Sockets;
using System.Text;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>A client of <c>/ws</c> on a bare TCP connection: it shows pings, and does only what it is told to.</summary>
internal sealed class RawPlainPeer : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<byte> received = [];

    public static async Task<RawPlainPeer> ConnectAsync(LiveServer server, int receiveBuffer = 64 * 1024)
    {
        var peer = new RawPlainPeer();
        peer.socket.ReceiveBufferSize = receiveBuffer;
        await peer.socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await peer.socket.SendAsync(Encoding.ASCII.GetBytes(
            "GET /ws HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await Eventually.Is(async () =>
        {
            await peer.FillAsync();
            return peer.HeadEnd() > 0;
        });
        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString([.. peer.received]), StringComparison.Ordinal);
        peer.received.RemoveRange(0, peer.HeadEnd());
        return peer;
    }

    /// <summary>The next frame: its kind (RFC 6455 §5.2) and payload. Null when the connection is gone.</summary>
    public async Task<(int Kind, byte[] Payload)?> FrameAsync()
    {
        while (true)
        {
            if (received.Count >= 2)
            {
                var (start, length) = (received[1] & 0x7f) switch
                {
                    126 when received.Count >= 4 => (4, (received[2] << 8) | received[3]),
                    126 or 127 => (int.MaxValue, 0),
                    var small => (2, small),
                };
                if (start != int.MaxValue && received.Count >= start + length)
                {
                    var frame = (received[0] & 0x0f, received.Skip(start).Take(length).ToArray());
                    received.RemoveRange(0, start + length);
                    return frame;
                }
            }

            if (!await FillAsync())
                return null;
        }
    }

    public Task SendAsync(params byte[] bytes) => socket.SendAsync(bytes);

    public Task PongAsync() => socket.SendAsync(new byte[] { 0x8a, 0x80, 0, 0, 0, 0 });

    public void Dispose() => socket.Dispose();

    private int HeadEnd() => Encoding.ASCII.GetString([.. received]).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 is var end and > 3 ? end : 0;

    private async Task<bool> FillAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[16 * 1024];
        try
        {
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            received.AddRange(buffer.AsSpan(0, read).ToArray());
            return read > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
