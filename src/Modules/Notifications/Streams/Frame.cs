using Microsoft.AspNetCore.SignalR;

namespace Modular.Notifications.Streams;

/// <summary>Events (after, to] of a stream as one hub message; serialised by the first connection that sends it, shared by all.</summary>
/// <param name="full">It holds as much as one frame may, so it stays the right one when more events come.</param>
internal sealed class Frame(string stream, long after, long to, byte[][] events, bool full)
{
    private readonly Lock gate = new();
    private SerializedHubMessage? message;
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

    public long To => to;

    public bool Full => full;

    /// <summary>Whoever writes it first gets them, and tells.</summary>
    public List<string>? TakeTraces() => traces is null ? null : Interlocked.Exchange(ref traces, null);

    public SerializedHubMessage Message
    {
        get
        {
            lock (gate)
                return message ??= HubFrames.Events(stream, events);
        }
    }
}
