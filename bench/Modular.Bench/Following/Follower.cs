using System.Diagnostics;
using System.Net.Sockets;

namespace Modular.Bench.Following;

/// <summary>
/// A subscriber over a connection of its own that looks into what arrives no further than it must. A client library would cost
/// the measured machine many times as much.
/// </summary>
internal abstract class Follower(Audience audience, int number, Arrivals arrivals) : IDisposable
{
    private RawConnection? connection;
    private IMessageReader reader = null!;
    private volatile bool isLeaving;
    private long arrived;

    public Arrivals Arrivals => arrivals;

    /// <summary>Why the host ended the connection; null where it did not.</summary>
    public string? Cut { get; private set; }

    protected Audience Audience => audience;

    public static Follower Of(Audience audience, int number, Arrivals arrivals) => audience.Protocol switch
    {
        Protocol.Hub => new HubFollower(audience, number, arrivals),
        Protocol.Socket => new SocketFollower(audience, number, arrivals),
        _ => new EventFollower(audience, number, arrivals),
    };

    /// <summary>Connects; from the answer on nothing that happens on the stream may be missed.</summary>
    public async Task OpenAsync()
    {
        reader = NewReader();
        connection = await RawConnection.OpenAsync(audience.Host, audience.Port, number);
        await connection.RequestAsync(Request, ExpectedStatus, reader);
        await GreetAsync();
    }

    /// <summary>Until <see cref="Dispose"/>, or the host ends it.</summary>
    public async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                while (TryRead(out var message))
                    arrivals.Take(message, arrived);
                await PongAsync();
                await ReceiveAsync();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or HostClosedException)
        {
            if (!isLeaving)
                Cut = e.Message;
        }
    }

    /// <summary>A host takes a client of some protocols for gone when it says nothing for long.</summary>
    public virtual Task PingAsync() => Task.CompletedTask;

    public void Dispose()
    {
        isLeaving = true;
        connection?.Dispose();
    }

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

    /// <summary>Pings were read along with the messages beside them; one pong answers all before it.</summary>
    private Task PongAsync()
    {
        if (reader is not FrameReader { Ping: { } payload } frames)
            return Task.CompletedTask;
        frames.Ping = null;
        return SendAsync(Frames.Pong(payload));
    }
}
