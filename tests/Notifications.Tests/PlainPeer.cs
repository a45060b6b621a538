using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Modular.Notifications.Tests;

/// <summary>A client of <c>/ws</c>.</summary>
internal sealed class PlainPeer : IDisposable
{
    private readonly ClientWebSocket socket = new();

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public static async Task<PlainPeer> ConnectAsync(LiveServer server, string query = "")
    {
        var peer = new PlainPeer();
        peer.socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await peer.socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/ws/", Query = query }.Uri, CancellationToken.None);
        return peer;
    }

    public Task SendAsync(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public Task SendAsync(byte[] binary) => socket.SendAsync(binary, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);

    /// <summary>The next text as JSON, or null when the server has closed.</summary>
    public async Task<JsonElement?> NextAsync() =>
        await MessageAsync() is { } message ? JsonDocument.Parse(message).RootElement : null;

    public async Task<byte[]?> MessageAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var whole = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            whole.Write(buffer, 0, read.Count);
            if (read.EndOfMessage)
                return whole.ToArray();
        }
    }

    public void Dispose() => socket.Dispose();
}
