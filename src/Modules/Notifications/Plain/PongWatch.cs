namespace Modular.Notifications.Plain;

/// <summary>Follows the frames of a client by their headers (RFC 6455 §5.2), to see the pongs that <c>WebSocket</c> keeps to itself.</summary>
internal sealed class PongWatch
{
    private const int Pong = 10;
    private const int BytesOfMask = 4;

    private int header;
    private int lengthBytes;
    private ulong length;
    private ulong rest;

    /// <summary>True when a pong began in these bytes, which follow those of the last call.</summary>
    public bool Pass(ReadOnlySpan<byte> bytes)
    {
        var seen = false;
        while (!bytes.IsEmpty)
        {
            if (rest > 0)
            {
                var passed = (int)Math.Min(rest, (ulong)bytes.Length);
                rest -= (ulong)passed;
                bytes = bytes[passed..];
                continue;
            }

            seen |= header == 0 && (bytes[0] & 0x0f) == Pong;
            TakeHeader(bytes[0]);
            bytes = bytes[1..];
        }

        return seen;
    }

    private void TakeHeader(byte next)
    {
        if (header == 1)
        {
            lengthBytes = (next & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 };
            length = lengthBytes == 0 ? (ulong)(next & 0x7f) : 0;
        }
        else if (header > 1)
        {
            length = (length << 8) | next;
        }

        header++;
        if (header < 2 + lengthBytes || header < 2)
            return;
        // A client that does not mask is refused by who reads the frames.
        rest = length + BytesOfMask;
        (header, lengthBytes) = (0, 0);
    }
}
