using Modular.Notifications.Streams;

namespace Modular.Notifications.Frames;

/// <summary>Events (after, to] of a stream.</summary>
/// <param name="full">It holds as much as one frame may, so it stays the right one when more events come.</param>
internal sealed class EventsFrame(string stream, long after, Entry[] events, bool full) : Frame
{
    private List<string>? traces;

    /// <summary>When the first of its events happened; null where that says nothing about how fast we are, as for a client that catches up.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Traces that its events belong to.</summary>
    public List<string>? Traces
    {
        init => traces = value;
    }

    public string Stream => stream;

    public long After => after;

    public long To => events[^1].Seq;

    public bool Full => full;

    public IReadOnlyList<Entry> Events => events;

    /// <summary>Whoever writes it first gets them, and tells.</summary>
    public List<string>? TakeTraces() => traces is null ? null : Interlocked.Exchange(ref traces, null);
}
