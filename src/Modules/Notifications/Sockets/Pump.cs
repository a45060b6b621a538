using Microsoft.Extensions.Logging;
using Modular.Notifications.Frames;
using Modular.Notifications.Ticks;

namespace Modular.Notifications.Sockets;

/// <summary>
/// Alone writes live frames to its connection. What queues while a frame is written leaves as one frame in the next pass, so
/// memory stays bounded and a slow phone is behind, not cut. Of signals only the last few wait: old ones are worth nothing.
/// </summary>
internal sealed class Pump(LiveConnection connection, Backlog backlog, PumpQueue queue, ILogger logger) : Coalesced
{
    private const int MostSignals = 16;

    private readonly Latest<(Subscription Of, Frame Frame)> signals = new(MostSignals);
    private Farewell? farewell;
    private bool keepAlive;
    private HeadsSnapshot? heads;

    private SocketWriter Socket => connection.Socket;

    /// <summary>Sends a signal in the next pass, unless its subscription is over by then.</summary>
    public void Pass(Subscription subscription, Frame signal) => signals.Add((subscription, signal));

    public void ShowHeads(HeadsSnapshot snapshot)
    {
        Volatile.Write(ref heads, snapshot);
        Schedule();
    }

    public void AskToReconnect(TimeSpan after)
    {
        Volatile.Write(ref farewell, new Farewell(after));
        Schedule();
    }

    public void KeepAlive()
    {
        Volatile.Write(ref keepAlive, true);
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
            await Socket.LeaveAsync(leaving.After);
        if (Interlocked.Exchange(ref keepAlive, false))
            await Socket.KeepAliveAsync();

        if (more)
            Schedule();
        else if (Interlocked.Exchange(ref heads, null)?.For(connection.Subscriptions) is { } counted)
            await Socket.WriteAsync(counted);
    }

    protected override void Enqueue() => queue.Add(this);

    protected override void Failed(Exception error)
    {
        if (Socket.Aborted.IsCancellationRequested)
            return;                                          // a client that is gone in the middle of a frame is no fault
        logger.LogError(error, "Sending to connection {Connection} failed; it is closed", Socket.Id);
        Socket.Cut(Cutting.Error);
    }

    /// <summary>Sends at most one frame of the subscription; true when it has more.</summary>
    private async ValueTask<bool> SendAsync(Subscription subscription)
    {
        var stream = subscription.Stream;
        if (subscription.Last is { } last)
        {
            connection.Remove(subscription);
            if (last is ResyncFrame && connection.GoOn is { } goOn)
                goOn(stream.Name);
            else
                await Socket.WriteAsync(last);
            return false;
        }

        if (subscription.First is { } first)
        {
            subscription.First = null;
            await Socket.WriteAsync(first);
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

    private async ValueTask SendAsync(Subscription subscription, Frame signal)
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

    private sealed record Farewell(TimeSpan After);
}
