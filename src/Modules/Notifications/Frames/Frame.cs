using Modular.Kernel.Messaging.Signals;

namespace Modular.Notifications.Frames;

/// <summary>Something the server tells its clients. What a protocol makes of it is made once and shared by all connections it goes to.</summary>
internal abstract class Frame
{
    private readonly object?[] made = new object?[Enum.GetValues<Protocol>().Length];

    public T As<T>(Format<T> format) where T : class
    {
        ref var place = ref made[(int)format.Protocol];
        if (Volatile.Read(ref place) is T done)
            return done;
        lock (made)
        {
            if (place is T now)
                return now;
            var shaped = format.Make(this);
            Volatile.Write(ref place, shaped);
            return shaped;
        }
    }
}

/// <summary>How one protocol writes frames.</summary>
internal abstract class Format<T>(Protocol protocol) where T : class
{
    public Protocol Protocol => protocol;

    /// <summary>The frame as this protocol has it; something empty where clients of this protocol are not told.</summary>
    public abstract T Make(Frame frame);
}

/// <summary>What clients speak: the hub, plain WebSockets, server-sent events.</summary>
internal enum Protocol
{
    Hub,
    Plain,
    Sse,
}

internal sealed class SignalFrame(SignalMessage signal) : Frame
{
    public SignalMessage Signal => signal;
}

/// <summary>A hole that could not be filled: take a snapshot.</summary>
/// <param name="seq">Where the stream goes on for clients that follow it again by themselves; null for those that have to ask.</param>
internal sealed class ResyncFrame(string stream, long? seq = null, string? epoch = null) : Frame
{
    public string Stream => stream;

    public long? Seq => seq;

    public string? Epoch => epoch;
}

/// <summary>The right to read the stream is gone.</summary>
internal sealed class ClosedFrame(string stream, string code, string detail) : Frame
{
    public string Stream => stream;

    public string Code => code;

    public string Detail => detail;
}

internal sealed class HeadsFrame(IReadOnlyCollection<KeyValuePair<string, long>> heads) : Frame
{
    public IReadOnlyCollection<KeyValuePair<string, long>> Heads => heads;
}

internal sealed class ReconnectFrame(TimeSpan after) : Frame
{
    public TimeSpan After => after;
}
