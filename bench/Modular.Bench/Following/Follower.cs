using System.Diagnostics;
using System.Net.Sockets;

namespace Modular.Bench.Following;

/// <summary>
/// A subscriber over a connection of its own that looks into what arrives no further than it must. A client library would cost
/// the measured machine many times as much.
/// </summary>
internal abstract class Follower(Audience audience, int number, Arrivals arrivals)
{
    private RawConnection? connection;
    private IMessageReader reader = null!;
    private Task following = Task.CompletedTask;
    private TaskCompletionSource caughtUp = new();
    private volatile bool isLeaving;
    private volatile bool isGreeted;
    private long arrived;

    public Arrivals Arrivals => arrivals;

    /// <summary>Why the host ended the connection; null where it did not.</summary>
    public string? Cut { get; private set; }

    /// <summary>It came back, and the host said that there is a hole.</summary>
    public bool HasHole { get; protected set; }

    protected Audience Audience => audience;

    /// <summary>The number of the last event it knows of: its own last, or the head when it came.</summary>
    protected long Position { get; set; }

    /// <summary>The head when it came, the last time.</summary>
    protected long Head { get; set; }

    public static Follower Of(Audience audience, int number, Arrivals arrivals) => audience.Protocol switch
    {
        Protocol.Hub => new HubFollower(audience, number, arrivals),
        Protocol.Socket => new SocketFollower(audience, number, arrivals),
        _ => new EventFollower(audience, number, arrivals),
    };

    /// <summary>Connects and follows; from then on nothing that happens on the stream may be missed. After a drop it goes on after what it has.</summary>
    public async Task OpenAsync()
    {
        (isLeaving, caughtUp, reader) = (false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), NewReader());
        connection = await RawConnection.OpenAsync(audience.Host, audience.Port, number);
        await connection.RequestAsync(Request, ExpectedStatus, reader);
        await GreetAsync();
        isGreeted = true;
        following = FollowAsync();
    }

    /// <summary>Until it has what there was when it came.</summary>
    public Task CaughtUpAsync() => caughtUp.Task;

    /// <summary>As when the network is gone.</summary>
    public async Task DropAsync()
    {
        (isLeaving, isGreeted) = (true, false);
        connection?.Dispose();
        await following;
    }

    /// <summary>A host takes a client of some protocols for gone when it says nothing for long. Before it is greeted it must say nothing else.</summary>
    public Task PingAsync() => isGreeted && Ping is { } ping ? SendAsync(ping) : Task.CompletedTask;

    /// <summary>What such a client says now and then; null where it says nothing.</summary>
    protected virtual byte[]? Ping => null;

    protected abstract string Request { get; }

    protected abstract int ExpectedStatus { get; }

    protected abstract IMessageReader NewReader();

    /// <summary>What is said before it follows.</summary>
    protected abstract Task GreetAsync();

    protected Task SendAsync(byte[] bytes) => connection!.SendAsync(bytes).AsTask();

    protected bool TryRead(out ReadOnlySpan<byte> message) => reader.TryRead(out message);

    protected async ValueTask ReceiveAsync()
    {
        var read = await connection!.ReceiveAsync(reader.Room());
        arrived = Stopwatch.GetTimestamp();
        reader.Received(read);
    }

    protected void Take(ReadOnlySpan<byte> message)
    {
        arrivals.Take(message, arrived);
        Position = Math.Max(Position, arrivals.NewestSeq);
    }

    /// <summary>Until it is dropped, or the host ends it.</summary>
    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                while (TryRead(out var message))
                    Take(message);
                if (Position >= Head)
                    caughtUp.TrySetResult();
                await PongAsync();
                await ReceiveAsync();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or HostClosedException)
        {
            if (isLeaving)
                return;
            Cut = e.Message;
            caughtUp.TrySetException(new HostClosedException(e.Message));
        }
    }

    /// <summary>Pings were read along with the messages beside them; one pong answers all before it.</summary>
    private Task PongAsync()
    {
        if (reader is not FrameReader { Ping: { } payload } frames)
            return Task.CompletedTask;
        frames.Ping = null;
        return SendAsync(Frames.Pong(payload));
    }
}
