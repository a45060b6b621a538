namespace Modular.Bench.Following;

/// <summary>Bytes that have been received and not yet been read. Small at first: there are as many as connections.</summary>
internal sealed class ByteQueue
{
    private byte[] buffer = new byte[2048];
    private int begin;
    private int end;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(begin, end - begin);

    /// <summary>Where to receive to; what was read from before is void.</summary>
    public Memory<byte> Room(int least)
    {
        Bytes.CopyTo(buffer);
        (begin, end) = (0, end - begin);
        if (end + least > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, end + least));
        return buffer.AsMemory(end);
    }

    public void Received(int bytes) => end += bytes;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length).Span);
        Received(bytes.Length);
    }

    /// <summary>Valid until there is made room again.</summary>
    public ReadOnlySpan<byte> Take(int bytes)
    {
        var taken = Bytes[..bytes];
        begin += bytes;
        return taken;
    }
}
