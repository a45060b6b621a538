using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Modular.Notifications.Tests;

/// <summary>A client that speaks the hub's text by hand, so that it can misbehave.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly List<byte> received = [];
    private int searched;

    /// <summary>Connected, and both sides have agreed on the protocol.</summary>
    public static async Task<RawSocket> ConnectAsync(Uri server, string query = "")
    {
        var raw = await OpenAsync(server, query);
        await raw.ShakeHandsAsync();
        return raw;
    }

    /// <summary>Connected, and nothing has been said.</summary>
    public static async Task<RawSocket> OpenAsync(Uri server, string query = "")
    {
        var raw = new RawSocket();
        raw.socket.Options.SetBuffer(4096, 4096);
        await raw.socket.ConnectAsync(new UriBuilder(new Uri(server, "/hub")) { Scheme = "ws", Query = query }.Uri, CancellationToken.None);
        return raw;
    }

    public async Task ShakeHandsAsync()
    {
        await SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await ReceiveAsync());
    }

    public Task SendAsync(string message) => SendBytesAsync(message + '\u001e');

    /// <summary>As one frame, with nothing added: no separator.</summary>
    public Task SendBytesAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message or, when the server has closed, null. Messages that were written together come together.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var end = received.IndexOf((byte)0x1e, searched);
                if (end >= 0)
                    return Cut(end);
                searched = received.Count;
                var read = await socket.ReceiveAsync(buffer, limit.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    return null;
                received.AddRange(buffer.AsSpan(0, read.Count));
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    /// <summary>The next message that is not a ping or, when the server has closed, null.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        while (await ReceiveAsync() is { } message)
        {
            var read = JsonElement.Parse(message);
            if (!read.TryGetProperty("type", out var type) || type.GetInt32() != 6)
                return read;
        }

        return null;
    }

    /// <summary>Reads on until <paramref name="last"/> has come; everything that came, pings not counted.</summary>
    public async Task<List<JsonElement>> ReadUntilAsync(Func<JsonElement, bool> last)
    {
        var read = new List<JsonElement>();
        do
            read.Add(await ReadAsync() ?? throw new InvalidOperationException("The server has closed."));
        while (!last(read[^1]));
        return read;
    }

    /// <summary>Everything that still comes before the server closes.</summary>
    public async Task<List<JsonElement>> ReadToEndAsync()
    {
        var read = new List<JsonElement>();
        while (await ReadAsync() is { } message)
            read.Add(message);
        return read;
    }

    public void Dispose() => socket.Dispose();

    private string Cut(int end)
    {
        var message = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(received)[..end]);
        received.RemoveRange(0, end + 1);
        searched = 0;
        return message;
    }
}
