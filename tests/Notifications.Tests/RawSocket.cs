using System.Net.WebSockets;
using System.Text;

namespace Modular.Notifications.Tests;

/// <summary>A client that speaks the hub's text by hand, so that it can misbehave.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly ClientWebSocket socket = new();

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

    /// <summary>The next message or, when the server has closed, null.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (text is not [.., '\u001e'])
            {
                var read = await socket.ReceiveAsync(buffer, limit.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    return null;
                text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            }
        }
        catch (WebSocketException)
        {
            return null;
        }

        return text.ToString().TrimEnd('\u001e');
    }

    public async Task<bool> IsClosedAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        return true;
    }

    public void Dispose() => socket.Dispose();
}
