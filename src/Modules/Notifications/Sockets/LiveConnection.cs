using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Modular.Notifications.Streams;
using Modular.Notifications.Ticks;

namespace Modular.Notifications.Sockets;

/// <summary>
/// An open socket: its subscriptions, and as its <see cref="Coalesced"/> pass the pump that alone writes live frames.
/// What queues while a frame is written leaves as one frame in the next pass, so memory stays bounded and a slow
/// phone is behind, not cut.
/// </summary>
internal sealed class LiveConnection(HubConnectionContext socket, Caller? caller, int slot, Backlog backlog, TimeProvider clock, Meters meters, ILogger logger)
    : Coalesced
{
    public const int MostSubscriptions = 128;
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Subscription[] subscriptions = [];
    private bool closed;
    private SerializedHubMessage? farewell;
    private HeadsSnapshot? heads;

    public string Id => socket.ConnectionId;

    /// <summary>Which part of the interval its heads are sent in.</summary>
    public int Slot => slot;

    public Caller? Caller { get; set; } = caller;

    public CancellationToken Aborted => socket.ConnectionAborted;

    public Subscription[] Subscriptions => Volatile.Read(ref subscriptions);

    public SubscribeRate Rate { get; } = new(clock);

    /// <summary>False when the connection has closed meanwhile.</summary>
    public bool Add(Subscription subscription)
    {
        lock (gate)
        {
            if (closed)
                return false;
            subscriptions = [.. subscriptions, subscription];
        }

        meters.Subscribed(1);
        return true;
    }

    public void Remove(Subscription subscription)
    {
        subscription.Stream.Unfollow(subscription);
        lock (gate)
        {
            var rest = Array.FindAll(subscriptions, s => s != subscription);
            if (rest.Length == subscriptions.Length)
                return;
            subscriptions = rest;
        }

        meters.Subscribed(-1);
    }

    public Subscription? Find(string stream) =>
        Array.Find(Subscriptions, s => string.Equals(s.Stream.Name, stream, StringComparison.Ordinal));

    public void Close()
    {
        lock (gate)
            closed = true;
        foreach (var subscription in Subscriptions)
            Remove(subscription);
    }

    /// <summary>
    /// Ends the transport too: SignalR alone first writes a closing message, which waits behind the very write that
    /// is stuck.
    /// </summary>
    public void Abort()
    {
        socket.Abort();
        socket.GetHttpContext()?.Abort();
    }

    public void ShowHeads(HeadsSnapshot snapshot)
    {
        Volatile.Write(ref heads, snapshot);
        Signal();
    }

    public void AskToReconnect(TimeSpan after)
    {
        Volatile.Write(ref farewell, HubFrames.Reconnect(after));
        Signal();
    }

    protected override async ValueTask RunAsync()
    {
        var more = false;
        foreach (var subscription in Subscriptions)
        {
            if (Aborted.IsCancellationRequested)
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

        if (Interlocked.Exchange(ref farewell, null) is { } leaving)
            await WriteAsync(leaving);

        if (more)
            Signal();
        else if (Interlocked.Exchange(ref heads, null)?.For(Subscriptions) is { } counted)
            await WriteAsync(counted);
    }

    protected override void Failed(Exception error)
    {
        logger.LogError(error, "Sending to connection {Connection} failed; it is closed", Id);
        Abort();
    }

    /// <summary>Sends at most one frame of the subscription; true when it has more.</summary>
    private async ValueTask<bool> SendAsync(Subscription subscription)
    {
        var stream = subscription.Stream;
        if (subscription.Last is { } last)
        {
            Remove(subscription);
            await WriteAsync(last);
            return false;
        }

        if (Backlog.Taken(subscription) is { } page)
        {
            await WriteAsync(page.Message);
            subscription.Cursor = page.To;
        }
        else if (stream.Next(subscription.Cursor, out var behind) is { } frame)
        {
            await WriteAsync(frame.Message);
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

    private async ValueTask WriteAsync(SerializedHubMessage frame)
    {
        var writing = socket.WriteAsync(frame, Aborted);
        if (writing.IsCompletedSuccessfully)
            return;
        try
        {
            await writing.AsTask().WaitAsync(LongestWrite, clock, Aborted);
        }
        catch (TimeoutException)
        {
            meters.SlowCut();
            logger.LogInformation("Connection {Connection} took no frame for {Limit}; it is cut", Id, LongestWrite);
            Abort();
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // It is gone; its cursor says nothing any more.
        }
    }
}
