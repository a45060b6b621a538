using System.Net.Http.Headers;
using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>Server-sent events as they stand on the wire, comments too.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<Block> blocks = [];
    private readonly HttpClient http;
    private readonly HttpResponseMessage answer;
    private readonly Task reading;

    private EventStream(HttpClient http, HttpResponseMessage answer)
    {
        (this.http, this.answer) = (http, answer);
        reading = ReadAsync();
    }

    /// <summary>What came, each up to its empty line; a comment is a block of its own.</summary>
    public IReadOnlyList<Block> Blocks
    {
        get
        {
            lock (gate)
                return [.. blocks];
        }
    }

    public HttpContentHeaders Headers => answer.Content.Headers;

    /// <summary>Done when the server has ended it, or has gone.</summary>
    public Task Ended => reading;

    public static async Task<EventStream> OpenAsync(Uri host, string[] streams, string? lastEventId = null, string? token = null)
    {
        var endless = new HttpClient { BaseAddress = host, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(streams) + (token is null ? "" : $"&access_token={token}")) { Headers = { Accept = { new("text/event-stream") } } };
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        var begun = await endless.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        begun.EnsureSuccessStatusCode();
        return new EventStream(endless, begun);
    }

    public static string Path(params string[] streams) => $"/api/notifications/sse?{string.Join('&', streams.Select(s => $"stream={Uri.EscapeDataString(s)}"))}";

    public Task<Block> FirstAsync(string what, Func<Block, bool> suits, TimeSpan? within = null) =>
        Eventually.Returns(what, () => Task.FromResult(Blocks.FirstOrDefault(suits)), within);

    /// <summary>Numbers of a stream's events in the order they came.</summary>
    public IReadOnlyList<long> Numbers(string stream) =>
        [.. Blocks.Where(b => b.Event == "events" && b.Stream == stream).SelectMany(b => b.Json.GetProperty("events").EnumerateArray()).Select(e => e.GetProperty("seq").GetInt64())];

    public async ValueTask DisposeAsync()
    {
        answer.Dispose();
        http.Dispose();
        await reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            var block = new Block();
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.Length > 0 && line[0] != ':')
                {
                    block = block.With(line);
                    continue;
                }

                lock (gate)
                    blocks.Add(line.Length > 0 ? new Block { Comment = line[1..] } : block);
                block = line.Length > 0 ? block : new Block();
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The server has gone, or the test has.
        }
    }
}

/// <summary>What stands between two empty lines.</summary>
internal sealed record Block
{
    public string? Event { get; init; }

    public string? Data { get; init; }

    public string? Id { get; init; }

    public string? Retry { get; init; }

    public string? Comment { get; init; }

    public JsonElement Json => JsonElement.Parse(Data!);

    public string Stream => Json.GetProperty("stream").GetString()!;

    /// <summary>The whole position: each stream with its number and epoch.</summary>
    public IReadOnlyDictionary<string, (long Seq, string Epoch)> Position => Id!.Split(',').ToDictionary(
        part => part[..part.IndexOf('@')], part => (long.Parse(part[(part.IndexOf('@') + 1)..part.IndexOf('~')]), part[(part.IndexOf('~') + 1)..]));

    public Block With(string line)
    {
        var colon = line.IndexOf(':');
        var value = line[(colon + 1)..].TrimStart(' ');
        return line[..colon] switch
        {
            "event" => this with { Event = value },
            "data" => this with { Data = Data is null ? value : $"{Data}\n{value}" },
            "id" => this with { Id = value },
            "retry" => this with { Retry = value },
            var unknown => throw new InvalidOperationException($"A field that the contract does not have: {unknown}"),
        };
    }
}
