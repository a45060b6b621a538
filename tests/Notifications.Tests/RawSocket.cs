using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Modular.Notifications.Tests;

/// <summary>A client that speaks the hub's text by hand, so that it can misbehave.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly List<byte> received = [];
    private int searched;

    public static async Task<RawSocket> ConnectAsync(Uri server, string query = "")
    {
        var raw = new RawSocket();
        raw.socket.Options.SetBuffer(4096, 4096);
        await raw.socket.ConnectAsync(new UriBuilder(new Uri(server, "/hub")) { Scheme = "ws", Query = query }.Uri, CancellationToken.None);
        await raw.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await raw.ReceiveAsync());
        return raw;
    }

    public Task SendAsync(string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message or, when the server has closed, null. Messages that were written together come together.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
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

    public async Task<bool> IsClosedAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        return true;
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
