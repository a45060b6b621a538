using System.Text;
using System.Text.Json;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>Server-sent events, read as an <c>EventSource</c> reads them: a line is a field, an empty line ends an event.</summary>
internal sealed class SseWire : Wire
{
    private readonly SocketsHttpHandler handler = Connecting();
    private readonly List<byte> partial = [];
    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);
    private string stream = "";
    private Stream? body;

    public override async Task OpenAsync(Uri host, Place place)
    {
        stream = place.Stream;
        using var http = new HttpClient(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, $"/api/notifications/sse?stream={stream}"));
        request.Headers.Add("Last-Event-ID", place.ToString());
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
    }

    public override IEnumerable<News> Understand(ReadOnlySpan<byte> bytes)
    {
        var news = new List<News>();
        foreach (var part in bytes)
        {
            if (part != '\n')
            {
                partial.Add(part);
                continue;
            }

            var line = Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(partial));
            partial.Clear();
            if (line.Split(": ", 2) is [{ Length: > 0 } field, var value])
                fields[field] = value;
            else if (line.Length == 0 && NewsIn() is { } told)
                news.Add(told);
        }

        return news;
    }

    public override void Dispose()
    {
        body?.Dispose();
        handler.Dispose();
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct) => body!.ReadAsync(buffer, ct);

    private News? NewsIn()
    {
        // What a browser would go on after.
        var (at, epoch) = fields.TryGetValue("id", out var id) && id[(stream.Length + 1)..].Split('~') is [var number, var about] ? (long.Parse(number), about) : (0, null);
        var kind = fields.GetValueOrDefault("event");
        var data = fields.GetValueOrDefault("data");
        fields.Clear();
        if (kind == "resync")
            return new News([], Lost: true, From: at, Epoch: epoch);
        if (kind != "events")
            return null;
        var numbers = JsonElement.Parse(data!).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()).ToList();
        numbers[^1].ShouldBe(at);
        return new News(numbers, Epoch: epoch);
    }
}
