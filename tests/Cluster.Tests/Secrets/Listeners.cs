using System.Net.WebSockets;
using System.Text;
using Modular.Cluster.Tests.Clients;
using Modular.Testing;

namespace Modular.Cluster.Tests.Secrets;

/// <summary>One of each kind that follows what is public: hub, plain socket, server-sent events.</summary>
internal sealed class Listeners : IAsyncDisposable
{
    private static readonly string[] Streams = [Lobby.Stream, "rooms/018cc251-f400-7000-8000-000000000001"];
    private readonly ClientWebSocket plain = new();
    private readonly StringBuilder frames = new();
    private HubClient hub = null!;
    private EventStream events = null!;
    private Task reading = Task.CompletedTask;

    /// <summary>Everything that came, by the way it came.</summary>
    public IReadOnlyDictionary<string, string> Heard
    {
        get
        {
            lock (frames)
                return new Dictionary<string, string>
                {
                    ["hub frames"] = string.Join('\n', hub.Wire),
                    ["plain socket frames"] = frames.ToString(),
                    ["server-sent events"] = string.Join('\n', events.Blocks.Select(b => $"{b.Event} {b.Id} {b.Data}")),
                };
        }
    }

    /// <param name="token">In the addresses of all three.</param>
    /// <param name="user">Whose it is: what they alone are told is followed, too.</param>
    public static async Task<Listeners> OpenAsync(Uri host, string token, Guid user)
    {
        var listeners = new Listeners { hub = await HubClient.ConnectAsync(host, token), events = await EventStream.OpenAsync(host, Streams, token: token) };
        foreach (var stream in Streams.Append($"notifications/{user}"))
            await listeners.hub.SubscribeAsync(stream);
        await listeners.hub.AuthenticateAsync(token);
        await listeners.plain.ConnectAsync(new UriBuilder(new Uri(host, $"/ws?access_token={token}")) { Scheme = "ws" }.Uri, CancellationToken.None);
        listeners.reading = listeners.ReadAsync();
        return listeners;
    }

    /// <summary>Says it at the hub and at the plain socket, which refuse it.</summary>
    public async Task AuthenticateAsync(string token)
    {
        await Should.ThrowAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.AuthenticateAsync(token));
        await SayAsync($$"""{"msg_type":"auth","token":"{{token}}"}""");
    }

    public Task SayAsync(string text) => plain.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        plain.Abort();
        await reading;
        plain.Dispose();
        await hub.DisposeAsync();
        await events.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (plain.State == WebSocketState.Open)
            {
                var got = await plain.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                lock (frames)
                    frames.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, got.Count)));
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException)
        {
            // Cut by us, or by the host that stops.
        }
    }
}
