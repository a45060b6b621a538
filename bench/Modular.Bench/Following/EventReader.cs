using System.Buffers.Text;

namespace Modular.Bench.Following;

/// <summary>Server-sent events out of the chunks of an HTTP/1.1 answer: a message is all lines of one event. Comments are skipped.</summary>
internal sealed class EventReader : IMessageReader
{
    private readonly ByteQueue received = new();
    private readonly ByteQueue text = new();
    private int left;
    private int searched;

    public Memory<byte> Room() => received.Room(1024);

    public void Received(int bytes)
    {
        received.Received(bytes);
        while (left > 0 ? TryTakeText() : TryBeginChunk())
        {
            // Until nothing of it is left.
        }
    }

    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        while (text.Bytes[searched..].IndexOf("\n\n"u8) is >= 0 and var at)
        {
            message = text.Take(searched + at + 2)[..^2];
            searched = 0;
            if (!IsComment(message))
                return true;
        }

        searched = Math.Max(0, text.Bytes.Length - 1);
        message = default;
        return false;
    }

    /// <summary>What stands between chunks is the end of the one before, and the length of the next in hexadecimal digits.</summary>
    private bool TryBeginChunk()
    {
        var bytes = received.Bytes;
        var begin = bytes.StartsWith("\r\n"u8) ? 2 : 0;
        var end = bytes[begin..].IndexOf("\r\n"u8);
        if (end < 0)
            return false;
        var line = bytes.Slice(begin, end);
        if (!Utf8Parser.TryParse(line, out left, out var read, 'x') || read == 0)
            throw new FormatException("This is no chunk of an answer.");
        received.Take(begin + end + 2);
        return left > 0 ? true : throw new HostClosedException("The host ended a stream of events.");
    }

    private bool TryTakeText()
    {
        var part = received.Take(Math.Min(left, received.Bytes.Length));
        text.Append(part);
        left -= part.Length;
        return part.Length > 0;
    }

    private static bool IsComment(ReadOnlySpan<byte> message)
    {
        foreach (var line in message.Split((byte)'\n'))
        {
            if (message[line] is not [(byte)':', ..])
                return false;
        }

        return true;
    }
}
