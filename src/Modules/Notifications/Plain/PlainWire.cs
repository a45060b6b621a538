using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Http;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Plain;

/// <summary>A plain WebSocket. The client's frames are read by <see cref="PlainClient"/>.</summary>
internal sealed class PlainWire(HttpContext http, SharedUpgrade upgrade, PlainFormat format, TimeProvider clock) : IWire, IDisposable
{
    private const int PolicyViolation = 1008;
    private const int ServiceRestart = 1012;
    private const int TryAgainLater = 1013;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(5);
    private static readonly byte[] Ping = [0x89, 0];

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new(Timeout.InfiniteTimeSpan, clock);
    private bool over;

    public Protocol Protocol => Protocol.Plain;

    public string Id { get; } = http.TraceIdentifier;

    public CancellationToken Aborted { get; } = http.RequestAborted;

    /// <summary>Cancelled some seconds after this server has said that it closes: the client had time to say the same.</summary>
    public CancellationToken Ending => ending.Token;

    public bool IsSilent => Stream?.Silence > LongestSilence;

    /// <summary>Null before the handshake: its streams are shut until then, and a ping can wait.</summary>
    private SharedStream? Stream => upgrade.Stream;

    public ValueTask WriteAsync(Frame frame) => frame.As(format) is { Length: > 0 } bytes ? SendAsync(bytes) : default;

    public ValueTask KeepAliveAsync() => SendAsync(Ping);

    public ValueTask LeaveAsync(TimeSpan after) => CloseAsync(ServiceRestart, "This server is shutting down. Connect again.");

    public void Cut(Cutting reason)
    {
        if (reason is Cutting.Slow or Cutting.Session)
            _ = CloseOrAbortAsync(reason);
        else
            Abort();
    }

    /// <summary>Says why and gives the client some seconds to say the same.</summary>
    public ValueTask CloseAsync(int code, string reason)
    {
        lock (gate)
        {
            if (over)
                return default;
            ending.CancelAfter(LongestGoodbye);
        }

        if (Stream is { } open)
            return open.CloseAsync(CloseFrame(code, reason));
        Abort();
        return default;
    }

    public void Abort()
    {
        // The context belongs to nobody when this is over.
        lock (gate)
        {
            if (!over)
                http.Abort();
        }
    }

    /// <summary>The request ends: it is not touched any more.</summary>
    public void Dispose()
    {
        lock (gate)
            over = true;
        ending.Dispose();
    }

    private ValueTask SendAsync(byte[] bytes) => Stream is { } open ? open.WriteAsync(bytes, CancellationToken.None) : default;

    private async Task CloseOrAbortAsync(Cutting reason)
    {
        try
        {
            var closing = reason is Cutting.Slow
                ? CloseAsync(TryAgainLater, "Too slow. Connect again and go on after your last number.")
                : CloseAsync(PolicyViolation, "The session has ended.");
            await closing.AsTask().WaitAsync(LongestGoodbye, clock, Aborted);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            Abort();                                         // it does not even take that
        }
    }

    private static byte[] CloseFrame(int code, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var frame = new byte[4 + text.Length];
        (frame[0], frame[1]) = (0x88, (byte)(2 + text.Length));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code);
        text.CopyTo(frame, 4);
        return frame;
    }
}
