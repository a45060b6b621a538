using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Modular.Notifications.Ticks;

namespace Modular.Notifications.Sockets;

/// <summary>
/// Alone writes live frames to its connection. What queues while a frame is written leaves as one frame in the next pass, so
/// memory stays bounded and a slow phone is behind, not cut. Of signals only the last few wait: old ones are worth nothing.
/// </summary>
internal sealed class Pump(LiveConnection connection, Backlog backlog, ILogger logger) : Coalesced
{
    private const int MostSignals = 16;

    private readonly Latest<(Subscription Of, SerializedHubMessage Frame)> signals = new(MostSignals);
    private SerializedHubMessage? farewell;
    private HeadsSnapshot? heads;

    private SocketWriter Socket => connection.Socket;

    /// <summary>Sends a signal in the next pass, unless its subscription is over by then.</summary>
    public void Pass(Subscription subscription, SerializedHubMessage signal) => signals.Add((subscription, signal));

    public void ShowHeads(HeadsSnapshot snapshot)
    {
        Volatile.Write(ref heads, snapshot);
        Schedule();
    }

    public void AskToReconnect(TimeSpan after)
    {
        Volatile.Write(ref farewell, HubFrames.Reconnect(after));
        Schedule();
    }

    protected override async ValueTask RunAsync()
    {
        var more = false;
        foreach (var subscription in connection.Subscriptions)
        {
            if (Socket.Aborted.IsCancellationRequested)
                return;
            if (!subscription.TryEnter())
                continue;
            try
            {
                more |= await SendAsync(subscription);
            }
            finally
            {
                subscription.Leave();
            }
        }

        foreach (var (subscription, frame) in signals.Take())
            await SendAsync(subscription, frame);

        if (Interlocked.Exchange(ref farewell, null) is { } leaving)
            await Socket.WriteAsync(leaving);

        if (more)
            Schedule();
        else if (Interlocked.Exchange(ref heads, null)?.For(connection.Subscriptions) is { } counted)
            await Socket.WriteAsync(counted);
    }

    protected override void Failed(Exception error)
    {
        logger.LogError(error, "Sending to connection {Connection} failed; it is closed", Socket.Id);
        Socket.Cut("error");
    }

    /// <summary>Sends at most one frame of the subscription; true when it has more.</summary>
    private async ValueTask<bool> SendAsync(Subscription subscription)
    {
        var stream = subscription.Stream;
        if (subscription.Last is { } last)
        {
            connection.Remove(subscription);
            await Socket.WriteAsync(last);
            return false;
        }

        if (Backlog.Taken(subscription) is { } page)
        {
            await Socket.WriteAsync(page);
            subscription.Cursor = page.To;
        }
        else if (stream.Next(subscription.Cursor, out var behind) is { } frame)
        {
            await Socket.WriteAsync(frame);
            subscription.Cursor = frame.To;
        }
        else
        {
            if (behind)
                backlog.Read(subscription);
            return false;
        }

        return stream.HasMore(subscription.Cursor);
    }

    private async ValueTask SendAsync(Subscription subscription, SerializedHubMessage signal)
    {
        if (!subscription.TryEnter())
            return;
        try
        {
            if (subscription.Last is null)
                await Socket.WriteAsync(signal);
        }
        finally
        {
            subscription.Leave();
        }
    }
}
