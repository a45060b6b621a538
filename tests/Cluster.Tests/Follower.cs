using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>
/// A subscriber as our client is one: it comes back by itself, says which event it saw last, and never asks for
/// anything else. What it was told is kept as it came.
/// </summary>
internal sealed class Follower : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<JsonElement> seen = [];
    private readonly CancellationTokenSource end = new();
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri host;
    private readonly string stream;
    private readonly string? token;
    private Task following = Task.CompletedTask;
    private string? epoch;

    private Follower(Uri host, string stream, string? token) => (this.host, this.stream, this.token) = (host, stream, token);

    public IReadOnlyList<long> Numbers => Take(events => events.ConvertAll(e => e.GetProperty("seq").GetInt64()));

    /// <summary>Ids of what the events are about.</summary>
    public IReadOnlyList<Guid> Subjects => Take(events => events.ConvertAll(e => e.GetProperty("data").GetProperty("id").GetGuid()));

    public int Count => Take(events => events.Count);

    /// <summary>How often the server could not go on where the follower was.</summary>
    public int Lost { get; private set; }

    /// <summary>How often the server asked it to come back elsewhere.</summary>
    public int AskedToReconnect { get; private set; }

    /// <summary>Subscribed from the stream's beginning when this returns.</summary>
    public static async Task<Follower> OfAsync(Uri host, string stream, string? token = null)
    {
        var follower = new Follower(host, stream, token);
        follower.following = follower.FollowAsync();
        await follower.first.Task;
        return follower;
    }

    public static Task<Follower[]> SeveralAsync(int count, Uri host, string stream) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => OfAsync(host, stream)));

    public async Task SeesAsync(int events, TimeSpan? within = null)
    {
        try
        {
            await Eventually.Is(() => Count >= events, within);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Of {events} events {Count} came", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await following;
        end.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await using var hub = await HubClient.ConnectAsync(host, token, record: false, ct: end.Token);
                await ListenAsync(hub);
            }
            catch (Exception e) when (e is HubException or IOException or HttpRequestException or System.Net.WebSockets.WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                // The server is away, or was before it had answered: come back, as a client does.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>The answer's events come before those that follow it, though the client hands both out side by side.</summary>
    private async Task ListenAsync(HubClient hub)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<JsonElement>? early = [];
        using var events = hub.Connection.On<string, JsonElement[]>("events", (_, came) => Add(came));
        using var resync = hub.Connection.On<string>("resync", _ => Lost++);
        using var reconnect = hub.Connection.On<long>("reconnect", _ =>
        {
            AskedToReconnect++;
            left.TrySetResult();
        });
        var answer = await hub.SubscribeAsync(stream, Numbers is [.., var last] ? last : 0, epoch, end.Token);
        epoch = answer.Epoch;
        if (!answer.Recovered)
            Lost++;
        lock (gate)
        {
            seen.AddRange(answer.Events);
            seen.AddRange(early);
            early = null;
        }

        first.TrySetResult();
        await Task.WhenAny(hub.Closed, left.Task).WaitAsync(end.Token);

        void Add(JsonElement[] came)
        {
            lock (gate)
                (early ?? seen).AddRange(came);
        }
    }

    private T Take<T>(Func<List<JsonElement>, T> of)
    {
        lock (gate)
            return of(seen);
    }
}
