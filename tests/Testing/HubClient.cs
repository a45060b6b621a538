using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Modular.Testing;

/// <summary>A client of <c>/hub</c>: SignalR's own <see cref="HubConnection"/>, and what came over the wire in its order.</summary>
public sealed class HubClient : IAsyncDisposable
{
    private readonly WireTap tap = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubClient(Uri hub, Action<ClientWebSocketOptions>? configure, bool record)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(hub));
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnections(configure, record ? tap.Take : null));
        Connection = builder.Build();
        Connection.Closed += error =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    /// <summary>Done when the connection is closed, by whomever.</summary>
    public Task Closed => closed.Task;

    /// <summary>Hub messages as they arrived, without pings and the handshake; empty when not recorded.</summary>
    public IReadOnlyList<JsonElement> Wire => tap.Messages;

    /// <param name="server">The server's address, for example <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="record">Keep what arrives in <see cref="Wire"/>; off for load.</param>
    public static async Task<HubClient> ConnectAsync(
        Uri server, string? token = null, Action<ClientWebSocketOptions>? configure = null, bool record = true, CancellationToken ct = default)
    {
        var hub = new UriBuilder(new Uri(server, "/hub")) { Scheme = server.Scheme == "https" ? "wss" : "ws" };
        if (token is not null)
            hub.Query = $"access_token={Uri.EscapeDataString(token)}";
        var client = new HubClient(hub.Uri, configure, record);
        await client.Connection.StartAsync(ct);
        return client;
    }

    public Task<Subscribed> SubscribeAsync(string stream, long? after = null, string? epoch = null, CancellationToken ct = default) =>
        Connection.InvokeAsync<Subscribed>("Subscribe", stream, after, epoch, ct);

    public Task UnsubscribeAsync(string stream, CancellationToken ct = default) => Connection.InvokeAsync("Unsubscribe", stream, ct);

    public Task AuthenticateAsync(string token, CancellationToken ct = default) => Connection.InvokeAsync("Authenticate", token, ct);

    /// <summary>Numbers of the live events of a stream in the order they came, those in answers not counted.</summary>
    public IReadOnlyList<long> Live(string stream) =>
        [.. Calls("events").Where(a => a[0].GetString() == stream).SelectMany(a => a[1].EnumerateArray()).Select(e => e.GetProperty("seq").GetInt64())];

    /// <summary>Arguments of each call of <paramref name="target"/> the server has made.</summary>
    public IReadOnlyList<JsonElement> Calls(string target) =>
        [.. Wire.Where(m => m.GetProperty("type").GetInt32() == 1 && m.GetProperty("target").GetString() == target).Select(m => m.GetProperty("arguments"))];

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync();

    /// <summary>The answer to Subscribe.</summary>
    public sealed record Subscribed(string Stream, string Epoch, long Head, bool Recovered, IReadOnlyList<JsonElement> Events)
    {
        public IReadOnlyList<long> Numbers => [.. Events.Select(e => e.GetProperty("seq").GetInt64())];
    }
}
