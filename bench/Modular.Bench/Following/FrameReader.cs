using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Modular.Bench.Following;

/// <summary>The messages of a WebSocket (RFC 6455; a server's frames are not masked), without a copy where a message is one frame.</summary>
internal sealed class FrameReader : IMessageReader
{
    private readonly ByteQueue received = new();
    private ArrayBufferWriter<byte>? gathered;
    private bool isDone;

    /// <summary>What the newest ping that nobody has answered yet carries; its pong must carry the same.</summary>
    public byte[]? Ping { get; set; }

    public Memory<byte> Room() => received.Room(1024);

    public void Received(int bytes) => received.Received(bytes);

    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        if (isDone)
            gathered = null;
        isDone = false;
        while (TryReadFrame(out var isLast, out var kind, out var payload))
        {
            if (kind == 8)
                throw new HostClosedException($"The host closed a socket: {Reason(payload)}.");
            if (kind == 9)
                Ping = payload.ToArray();
            if (kind > 8)
                continue;
            if (isLast && gathered is null)
            {
                message = payload;
                return true;
            }

            (gathered ??= new ArrayBufferWriter<byte>()).Write(payload);
            if (!isLast)
                continue;
            isDone = true;
            message = gathered.WrittenSpan;
            return true;
        }

        message = default;
        return false;
    }

    private static string Reason(ReadOnlySpan<byte> payload) =>
        payload.Length < 2 ? "no code" : $"{BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}".TrimEnd();

    private bool TryReadFrame(out bool isLast, out int kind, out ReadOnlySpan<byte> payload)
    {
        (isLast, kind) = (false, 0);
        payload = default;
        var bytes = received.Bytes;
        if (bytes.Length < 2)
            return false;
        var head = bytes[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < head)
            return false;
        var length = head switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => bytes[1],
        };
        if (bytes.Length < head + length)
            return false;
        (isLast, kind) = ((bytes[0] & 0x80) != 0, bytes[0] & 0x0f);
        payload = received.Take(head + length)[head..];
        return true;
    }
}
