using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>Who follows a stream, where, and how many of them.</summary>
/// <param name="Hub">The hub's path.</param>
internal sealed record Audience(string Host, int Port, string Hub, string Stream, int Size);

/// <summary>
/// A subscriber: a WebSocket that speaks the hub's JSON protocol and looks into its messages no further than it must. SignalR's
/// own client would cost the measured machine many times as much.
/// </summary>
internal sealed class HubFollower : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly FrameReader frames = new();

    private HubFollower(Arrivals arrivals) => Arrivals = arrivals;

    public Arrivals Arrivals { get; }

    public static async Task<List<HubFollower>> OpenAsync(Audience? audience, int measurement, int askers)
    {
        var followers = new List<HubFollower>();
        while (followers.Count < (audience?.Size ?? 0))
        {
            var follower = new HubFollower(new Arrivals(measurement, askers));
            await follower.ConnectAsync(audience!);
            await follower.SendAsync("""{"protocol":"json","version":1}""");
            await follower.ReceiveUntilAsync("{}");
            await follower.SendAsync($$"""{"type":1,"invocationId":"1","target":"Subscribe","arguments":["{{audience!.Stream}}",null,null]}""");
            await follower.ReceiveUntilAsync("\"type\":3");
            followers.Add(follower);
        }

        return followers;
    }

    /// <summary>Until <see cref="Dispose"/>.</summary>
    public async Task FollowAsync(Window window)
    {
        while (true)
        {
            int read;
            try
            {
                read = await socket.ReceiveAsync(frames.Room());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (read == 0)
                throw new InvalidOperationException("The host closed a subscriber's connection.");
            var arrived = Stopwatch.GetTimestamp();
            frames.Received(read);
            while (frames.TryRead(out var message))
                Arrivals.Take(message, arrived, window);
        }
    }

    /// <summary>A host takes a client that says nothing for long for gone.</summary>
    public Task PingAsync() => SendAsync("""{"type":6}""");

    public void Dispose() => socket.Dispose();

    private async Task ConnectAsync(Audience audience)
    {
        await socket.ConnectAsync(audience.Host, audience.Port);
        var key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {audience.Hub} HTTP/1.1\r\nHost: {audience.Host}:{audience.Port.ToString(CultureInfo.InvariantCulture)}\r\n"
            + $"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"));
        var answer = "";
        var buffer = new byte[4096];
        while (!answer.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(buffer) is > 0 and var read)
            answer += Encoding.ASCII.GetString(buffer, 0, read);
        if (!answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            throw new InvalidOperationException($"The host refused a subscriber: {answer}");
    }

    /// <summary>One masked text frame; the mask is all zeros, so the text stays as it is.</summary>
    private async Task SendAsync(string message)
    {
        var text = Encoding.UTF8.GetBytes(message + '\u001e');
        var isShort = text.Length < 126;
        var frame = new byte[(isShort ? 6 : 8) + text.Length];
        (frame[0], frame[1]) = (0x81, (byte)(0x80 | (isShort ? text.Length : 126)));
        if (!isShort)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
        text.CopyTo(frame, frame.Length - text.Length);
        await socket.SendAsync(frame);
    }

    private async Task ReceiveUntilAsync(string expected)
    {
        while (true)
        {
            while (frames.TryRead(out var message))
            {
                var text = Encoding.UTF8.GetString(message);
                if (text.Contains("\"error\"", StringComparison.Ordinal))
                    throw new InvalidOperationException($"The hub refused a subscriber: {text}");
                if (text.Contains(expected, StringComparison.Ordinal))
                    return;
            }

            if (await socket.ReceiveAsync(frames.Room()) is > 0 and var read)
                frames.Received(read);
            else
                throw new InvalidOperationException("The host closed a subscriber's connection.");
        }
    }
}
