using System.Buffers;
using System.Buffers.Binary;

namespace Modular.Bench.Http;

/// <summary>Cuts what a server sends over a WebSocket into messages (RFC 6455; a server's frames are not masked), without a copy where a message is one frame.</summary>
internal sealed class FrameReader
{
    private readonly ArrayBufferWriter<byte> gathered = new();
    private byte[] buffer = new byte[64 * 1024];
    private int begin;
    private int end;
    private bool isDone;

    /// <summary>Where to receive to; what was read from before is void.</summary>
    public Memory<byte> Room()
    {
        buffer.AsSpan(begin, end - begin).CopyTo(buffer);
        (begin, end) = (0, end - begin);
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        return buffer.AsMemory(end);
    }

    public void Received(int bytes) => end += bytes;

    /// <summary>The next whole message, if there is one; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        if (isDone)
            gathered.ResetWrittenCount();
        isDone = false;
        while (TryReadFrame(out var isLast, out var kind, out var payload))
        {
            if (kind == 8)
                throw new InvalidOperationException("The host closed a socket.");
            if (kind > 8)
                continue;                                    // ping and pong
            if (isLast && gathered.WrittenCount == 0)
            {
                message = payload;
                return true;
            }

            gathered.Write(payload);
            if (!isLast)
                continue;
            isDone = true;
            message = gathered.WrittenSpan;
            return true;
        }

        message = default;
        return false;
    }

    private bool TryReadFrame(out bool isLast, out int kind, out ReadOnlySpan<byte> payload)
    {
        (isLast, kind) = (false, 0);
        payload = default;
        var bytes = buffer.AsSpan(begin, end - begin);
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
        payload = bytes.Slice(head, length);
        begin += head + length;
        return true;
    }
}
