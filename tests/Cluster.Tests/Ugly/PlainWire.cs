using System.Net.WebSockets;
using System.Text.Json;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>The plain socket of the lobby; of its streams the place's counts.</summary>
internal sealed class PlainWire : Wire
{
    private readonly ClientWebSocket socket = new();
    private readonly List<byte> partial = [];
    private string stream = "";
    private bool complete;

    public override async Task OpenAsync(Uri host, Place place)
    {
        stream = place.Stream;
        using var handler = Connecting();
        using var connecting = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(new UriBuilder(new Uri(host, $"/ws/?room=LOBBY&after={place}")) { Scheme = "ws" }.Uri, connecting, CancellationToken.None);
    }

    public override IEnumerable<News> Understand(ReadOnlySpan<byte> bytes)
    {
        partial.AddRange(bytes);
        if (!complete)
            return [];
        var message = JsonElement.Parse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(partial));
        partial.Clear();
        if (message.GetProperty("stream").GetString() != stream)
            return [];
        return [message.GetProperty("msg_type").GetString() == "resync" ? new News([], Lost: true) : new News([message.GetProperty("seq").GetInt64()])];
    }

    public override void Dispose() => socket.Dispose();

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var read = await socket.ReceiveAsync(buffer, ct);
        complete = read.EndOfMessage;
        return read.MessageType == WebSocketMessageType.Close ? 0 : read.Count;
    }
}
