using System.Text.Json;

namespace Modular.Notifications.Tests;

/// <summary>Reads server-sent events as the HTML standard says (§9.2.6).</summary>
internal sealed class SseClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new();
    private StreamReader lines = null!;

    public HttpResponseMessage Answer { get; private set; } = null!;

    /// <summary>What a browser would send back as Last-Event-ID.</summary>
    public string LastId { get; private set; } = "";

    public int? Retry { get; private set; }

    public int Comments { get; private set; }

    public static async Task<SseClient> ConnectAsync(LiveServer server, string query, string? lastEventId = null, HttpMethod? method = null)
    {
        var client = new SseClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(server.Address, "/api/notifications/sse" + query));
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var limit = new CancellationTokenSource(Patience);
        client.Answer = await client.http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        client.lines = new StreamReader(await client.Answer.Content.ReadAsStreamAsync(limit.Token));
        return client;
    }

    /// <summary>The next event, or null when the answer has ended.</summary>
    public async Task<(string Event, JsonElement Data)?> NextAsync()
    {
        var (name, data) = ("message", "");
        using var limit = new CancellationTokenSource(Patience);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return (name, JsonDocument.Parse(data).RootElement);
            if (line.Length == 0)
                (name, data) = ("message", "");
            else if (line.StartsWith(':'))
                Comments++;
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data += line[6..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("retry: ", StringComparison.Ordinal))
                Retry = int.Parse(line[7..]);
        }

        return null;
    }

    /// <summary>Reads events of one stream until number <paramref name="last"/> has come; their numbers.</summary>
    public async Task<List<long>> NumbersAsync(string stream, long last)
    {
        var numbers = new List<long>();
        while (numbers is [] || numbers[^1] < last)
        {
            var (name, data) = await NextAsync() ?? throw new InvalidOperationException("The answer has ended.");
            Assert.Equal("events", name);
            if (data.GetProperty("stream").GetString() == stream)
                numbers.AddRange(data.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()));
        }

        return numbers;
    }

    /// <summary>All of an answer that ends.</summary>
    public Task<string> TextAsync() => lines.ReadToEndAsync();

    public void Dispose()
    {
        Answer.Dispose();                                    // with it the connection, which the client alone would leave open
        http.Dispose();
    }
}
