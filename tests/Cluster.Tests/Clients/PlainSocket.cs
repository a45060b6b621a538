using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>An open plain socket of npm's <c>ws</c>, and what has come over it.</summary>
internal sealed class PlainSocket : IAsyncDisposable
{
    private readonly NodeClient client;

    private PlainSocket(NodeClient client) => this.client = client;

    /// <summary>Text frames in their order.</summary>
    public IReadOnlyList<JsonElement> Frames => [.. client.All("message").Where(m => m.TryGetProperty("frame", out _)).Select(m => m.GetProperty("frame"))];

    /// <summary>Binary messages: how long, and their hash.</summary>
    public IReadOnlyList<JsonElement> Binary => [.. client.All("message").Where(m => m.TryGetProperty("bytes", out _))];

    /// <summary>When each ping came, by the client's clock.</summary>
    public IReadOnlyList<TimeSpan> Pings => [.. client.All("ping").Select(p => TimeSpan.FromMilliseconds(p.GetProperty("at").GetDouble()))];

    public bool IsClosed => client.All("close").Count > 0;

    /// <param name="query">With its question mark.</param>
    public static async Task<PlainSocket> OpenAsync(Uri host, string query = "", string path = "/ws/", bool autoPong = true)
    {
        var node = Begin(host, path + query, autoPong, headers: null);
        var answer = await node.FirstAsync("open", "refused", "error");
        if (answer.GetProperty("what").ValueEquals("open"))
            return new PlainSocket(node);
        await node.DisposeAsync();
        throw new InvalidOperationException($"The socket was not opened: {answer}");
    }

    /// <summary>The answer that came instead of an upgrade.</summary>
    public static async Task<Answer> RefusedAsync(Uri host, string query, params (string Name, string Value)[] headers)
    {
        await using var node = Begin(host, $"/ws/{query}", autoPong: true, headers.ToDictionary(h => h.Name, h => h.Value));
        var answer = await node.FirstAsync("open", "refused", "error");
        return answer.GetProperty("what").ValueEquals("refused")
            ? new Answer(answer.GetProperty("status").GetInt32(), answer.GetProperty("body").GetString()!, new Dictionary<string, string> { ["Content-Type"] = answer.GetProperty("type").GetString()! })
            : throw new InvalidOperationException($"The socket was not refused: {answer}");
    }

    public IReadOnlyList<JsonElement> Of(string type) => [.. Frames.Where(f => f.GetProperty("msg_type").ValueEquals(type))];

    /// <summary>Numbers of the events of a stream in the order they came.</summary>
    public IReadOnlyList<long> Numbers(string stream) =>
        [.. Frames.Where(f => f.TryGetProperty("seq", out _) && f.GetProperty("stream").ValueEquals(stream)).Select(f => f.GetProperty("seq").GetInt64())];

    /// <summary>The newest frame of a type, once there are so many of it.</summary>
    public async Task<JsonElement> SeesAsync(string type, int times = 1)
    {
        try
        {
            await Eventually.Is(() => Of(type).Count >= times, what: $"{type} came {times} times");
            return Of(type)[^1];
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}. What came: {string.Join(" ", Frames)}", late);
        }
    }

    public Task SendAsync(string text) => client.OrderAsync(new { order = "text", text });

    /// <summary>Answers the hash of what was sent.</summary>
    public async Task<string> SendBinaryAsync(int bytes, int pieces = 1)
    {
        var before = client.All("sent").Count;
        await client.OrderAsync(new { order = "binary", bytes, pieces });
        await Eventually.Is(() => client.All("sent").Count > before);
        return client.All("sent")[^1].GetProperty("sha1").GetString()!;
    }

    public Task CloseAsync(int code, string reason) => client.OrderAsync(new { order = "close", code, reason });

    /// <summary>How it was closed, by whomever; 1006 where nobody said so.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        var closed = await client.FirstAsync("close");
        return (closed.GetProperty("code").GetInt32(), closed.GetProperty("reason").GetString()!);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static NodeClient Begin(Uri host, string target, bool autoPong, object? headers) =>
        new("socket.mjs", new { url = new UriBuilder(new Uri(host, target)) { Scheme = "ws" }.Uri.AbsoluteUri, autoPong, headers });
}
