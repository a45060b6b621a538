using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Modular.Bench.Tests;

/// <summary>
/// Takes questions and sends them to subscribers over the hub's protocol, a plain socket and server-sent events, wrongly where it is told to, and
/// counts what it did wrong: so it is known what a generator must find.
/// </summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    public const string Stream = "questions/1";

    private readonly WebApplication app;
    private readonly Func<int, long, Fault> faults;
    private readonly Lock gate = new();
    private readonly List<FaultySubscriber> subscribers = [];
    private readonly List<string> log = [];

    /// <param name="faults">By subscriber, counted as they come, and by the event's number.</param>
    public FaultyServer(Func<int, long, Fault> faults)
    {
        this.faults = faults;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.UseWebSockets();
        app.MapPost("/api/questions", AskAsync);
        app.Map("/hub", http => WithSocketAsync(http, HubAsync));
        app.Map("/ws/", PlainAsync);
        app.MapGet("/sse", EventsAsync);
    }

    public Uri Address => new(app.Urls.Single());

    /// <summary>How long an event stays here before it goes out.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>False: who comes back is told that there is a hole, and gets nothing of it.</summary>
    public bool Recovers { get; init; } = true;

    public int Asked => log.Count;

    public (int Lost, int Doubled, int Swapped) Wrong =>
        (subscribers.Sum(s => s.Lost + s.Forgotten), subscribers.Sum(s => s.Doubled), subscribers.Sum(s => s.Swapped));

    public Task StartAsync() => app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AskAsync(HttpContext http)
    {
        using var asked = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        lock (gate)
        {
            var seq = log.Count + 1;
            var body = asked.RootElement.GetProperty("body").GetRawText();
            log.Add(FaultyFrames.Asked(seq, body));
            subscribers.ForEach(s => s.Publish(seq, log[^1]));
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { id = "1" }, http.RequestAborted);
    }

    private FaultySubscriber Follow(out int head)
    {
        lock (gate)
        {
            var number = subscribers.Count;
            subscribers.Add(new FaultySubscriber(seq => faults(number, seq)));
            head = log.Count;
            return subscribers[^1];
        }
    }

    private static async Task WithSocketAsync(HttpContext http, Func<WebSocket, Task> serve)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        try
        {
            await serve(socket);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The generator has dropped it, which is how all of them end.
        }
    }

    private async Task HubAsync(WebSocket socket)
    {
        await ReadAsync(socket);
        await SendAsync(socket, "{}\u001e");
        var arguments = JsonDocument.Parse((await ReadAsync(socket)).TrimEnd('\u001e')).RootElement.GetProperty("arguments");
        var subscriber = Follow(out var head);
        var missed = arguments[1].ValueKind is JsonValueKind.Number && Recovers ? log[arguments[1].GetInt32()..head] : [];
        await SendAsync(socket, FaultyFrames.Answer(head, Recovers, missed));
        await SendAllAsync(socket, subscriber, FaultyFrames.Hub);
    }

    /// <summary>It follows before it is answered: a generator has no other sign that it may begin.</summary>
    private Task PlainAsync(HttpContext http)
    {
        var subscriber = Follow(out _);
        return WithSocketAsync(http, socket => SendAllAsync(socket, subscriber, FaultyFrames.Plain));
    }

    private async Task EventsAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        var subscriber = Follow(out var head);
        await http.Response.WriteAsync($"retry: 1000\nid: {Stream}@{head}~e1\n\n", http.RequestAborted);
        await foreach (var together in subscriber.Frames.ReadAllAsync(http.RequestAborted))
        {
            await Task.Delay(Delay, http.RequestAborted);
            await http.Response.WriteAsync(FaultyFrames.Events(together), http.RequestAborted);
        }
    }

    private async Task SendAllAsync(WebSocket socket, FaultySubscriber subscriber, Func<string[], string[]> format)
    {
        await foreach (var together in subscriber.Frames.ReadAllAsync())
        {
            await Task.Delay(Delay);
            foreach (var frame in format(together))
                await SendAsync(socket, frame);
        }
    }

    private static Task SendAsync(WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReadAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, read.Count);
    }
}
