using System.Net.Sockets;

namespace Modular.Cluster.Tests.Ugly;

/// <summary>What a client was told.</summary>
/// <param name="Numbers">Of events, in the order they came.</param>
/// <param name="Lost">It cannot go on where it was, and takes a snapshot.</param>
/// <param name="From">Where it goes on then, in protocols that say so.</param>
/// <param name="Over">It has to subscribe again.</param>
internal sealed record News(IReadOnlyList<long> Numbers, bool Lost = false, long? From = null, bool Over = false, string? Epoch = null);

/// <summary>Where a client is in a stream.</summary>
/// <param name="Seq">The last event it has.</param>
internal sealed record Place(string Stream, long Seq, string? Epoch)
{
    public override string ToString() => Epoch is null ? $"{Stream}@{Seq}" : $"{Stream}@{Seq}~{Epoch}";
}

/// <summary>One connection whose bytes are read by hand, as slowly as its owner likes, from a socket that buffers little.</summary>
internal abstract class Wire : IDisposable
{
    private const int SmallBuffer = 4096;

    /// <summary>Connected and subscribed; nothing has been read yet of what comes.</summary>
    public abstract Task OpenAsync(Uri host, Place place);

    /// <summary>At most so many bytes; 0 when the server has ended it, in whatever way.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await ReceiveAsync(buffer, ct);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or System.Net.WebSockets.WebSocketException)
        {
            return 0;
        }
    }

    /// <summary>What the bytes that came in <see cref="ReadAsync"/> say, with those before them.</summary>
    public abstract IEnumerable<News> Understand(ReadOnlySpan<byte> bytes);

    /// <summary>Gone, without a farewell.</summary>
    public abstract void Dispose();

    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct);

    protected static SocketsHttpHandler Connecting() => new()
    {
        ConnectCallback = async (connect, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallBuffer };
            await socket.ConnectAsync(connect.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
