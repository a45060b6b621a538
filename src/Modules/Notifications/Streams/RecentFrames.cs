using Modular.Notifications.Frames;

namespace Modular.Notifications.Streams;

/// <summary>
/// The frames of a stream made last, so that connections at the same place send the same one. Not thread-safe: its stream's
/// lock guards it.
/// </summary>
internal sealed class RecentFrames
{
    private readonly EventsFrame?[] frames = new EventsFrame?[8];
    private int next;

    /// <summary>A frame after <paramref name="cursor"/> that is still the right one when <paramref name="published"/> is the last number.</summary>
    public EventsFrame? Find(long cursor, long published) =>
        Array.Find(frames, f => f is not null && f.After == cursor && (f.To == published || f.Full));

    public EventsFrame Keep(EventsFrame frame) => frames[next++ % frames.Length] = frame;

    public void Clear() => Array.Clear(frames);
}
