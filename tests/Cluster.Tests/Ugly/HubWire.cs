using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>The hub, spoken by hand.</summary>
internal sealed class HubWire : Wire
{
    private readonly ClientWebSocket socket = new();
    private readonly List<byte> partial = [];

    public override async Task OpenAsync(Uri host, Place place)
    {
        using var handler = Connecting();
        using var connecting = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(new UriBuilder(new Uri(host, "/hub")) { Scheme = "ws" }.Uri, connecting, CancellationToken.None);
        var subscribe = JsonSerializer.Serialize(new { type = 1, invocationId = "1", target = "Subscribe", arguments = new object?[] { place.Stream, place.Seq, place.Epoch } });
        await socket.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}""" + '\u001e' + subscribe + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }

    public override IEnumerable<News> Understand(ReadOnlySpan<byte> bytes)
    {
        var news = new List<News>();
        foreach (var part in bytes)
        {
            if (part != 0x1e)
            {
                partial.Add(part);
                continue;
            }

            var message = JsonElement.Parse(CollectionsMarshal.AsSpan(partial));
            partial.Clear();
            if (NewsIn(message) is { } told)
                news.Add(told);
        }

        return news;
    }

    public override void Dispose() => socket.Dispose();

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var read = await socket.ReceiveAsync(buffer, ct);
        return read.MessageType == WebSocketMessageType.Close ? 0 : read.Count;
    }

    private static News? NewsIn(JsonElement message)
    {
        if (message.TryGetProperty("result", out var answer))
        {
            var recovered = answer.GetProperty("recovered").GetBoolean();
            long? from = recovered ? null : answer.GetProperty("head").GetInt64();
            return new News(Numbers(answer.GetProperty("events")), Lost: !recovered, from, Epoch: answer.GetProperty("epoch").GetString());
        }

        return !message.TryGetProperty("target", out var target) ? null : target.GetString() switch
        {
            "events" => new News(Numbers(message.GetProperty("arguments")[1])),
            "resync" => new News([], Lost: true, Over: true),
            _ => null,
        };
    }

    private static List<long> Numbers(JsonElement events) => [.. events.EnumerateArray().Select(e => e.GetProperty("seq").GetInt64())];
}
