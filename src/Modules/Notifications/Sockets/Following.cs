using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sockets;

/// <summary>Follows for clients that cannot ask: what they named when they came, and after a hole by itself.</summary>
internal sealed class Following(Subscribing subscribing, Lazy<IStreams> streams, TimeProvider clock, ILogger<Following> logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Subscriptions to streams the client may read, shut: what the client is told first goes before them.</summary>
    public async Task<IReadOnlyList<Subscription>> StartAsync(LiveConnection connection, IReadOnlyCollection<Position> positions, CancellationToken ct)
    {
        connection.GoOn = stream => _ = GoOnAsync(connection, stream);
        var subscriptions = new List<Subscription>(positions.Count);
        foreach (var position in positions)
            subscriptions.Add(await subscribing.FollowAsync(connection, position, afterHole: false, ct));
        return subscriptions;
    }

    /// <summary>As <see cref="StartAsync"/>, for clients that need not be told anything first.</summary>
    public async Task OpenAsync(LiveConnection connection, IReadOnlyCollection<Position> positions)
    {
        foreach (var subscription in await StartAsync(connection, positions, connection.Socket.Aborted))
            subscription.Open();
    }

    /// <summary>Follows those that the connection may read now and does not follow yet.</summary>
    public async Task OpenAllowedAsync(LiveConnection connection, IReadOnlyCollection<Position> positions)
    {
        foreach (var position in positions.Where(p => connection.Find(p.Stream) is null))
        {
            if ((await streams.Value.AuthorizeAsync(position.Stream, connection.Caller, connection.Socket.Aborted)).Allowed)
                await OpenAsync(connection, [position]);
        }
    }

    private async Task GoOnAsync(LiveConnection connection, string stream)
    {
        var aborted = connection.Socket.Aborted;
        try
        {
            for (var pause = Shortest; !await TryGoOnAsync(connection, stream, aborted); pause = pause * 2 < Longest ? pause * 2 : Longest)
                await Task.Delay(pause, clock, aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // It comes back with the position it had, and is told then.
        }
    }

    private async Task<bool> TryGoOnAsync(LiveConnection connection, string stream, CancellationToken aborted)
    {
        try
        {
            var again = await subscribing.FollowAsync(connection, new Position(stream, Seq: null, Epoch: null), afterHole: true, aborted);
            again.Open();
            return true;
        }
        catch (Exception e) when (!aborted.IsCancellationRequested)
        {
            logger.LogWarning(e, "{Stream} cannot be followed on for connection {Connection}; trying again", stream, connection.Socket.Id);
            return false;
        }
    }
}
