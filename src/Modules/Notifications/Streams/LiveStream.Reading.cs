using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;

namespace Modular.Notifications.Streams;

/// <summary>How connections read a stream: the head it began with, the next frame after a cursor.</summary>
internal sealed partial class LiveStream
{
    private const int MostBytes = 256 * 1024;

    private Task? opening;

    public string Epoch
    {
        get
        {
            lock (gate)
                return order.Epoch ?? throw new InvalidOperationException($"{Name} is read before it is open.");
        }
    }

    /// <summary>
    /// Reads the tail of the log into the ring, once for all who wait. Events delivered meanwhile are held, so none
    /// falls between the log and the live ones. Throws what the database threw; the next call tries again.
    /// </summary>
    public Task OpenAsync(IStreams log, CancellationToken ct)
    {
        lock (gate)
        {
            if (opening is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                opening = order.Epoch is null ? ReadTailAsync(log) : Task.CompletedTask;
            return opening.WaitAsync(ct);
        }
    }

    /// <summary>Events after <paramref name="cursor"/>, at most a ring full, with the head here; false when the ring no longer reaches back.</summary>
    public bool TryRead(long cursor, out Entry[] events, out long head)
    {
        lock (gate)
        {
            head = order.Head;
            events = [];
            if (cursor >= head)
                return true;
            if (cursor + 1 < order.Ring.First)
                return false;
            events = Range(cursor, head);
            return true;
        }
    }

    /// <summary>
    /// What a connection at <paramref name="cursor"/> sends next, up to what the last pass has published: so
    /// connections at the same place share a frame. Null and not <paramref name="behind"/>: nothing to send.
    /// </summary>
    public EventsFrame? Next(long cursor, out bool behind)
    {
        lock (gate)
        {
            behind = cursor < published && cursor + 1 < order.Ring.First;
            if (cursor >= published || behind)
                return null;
            if (frames.Find(cursor, published) is { } known)
                return known;
            var events = Range(cursor, published);
            streams.Framed(events.Length);
            return frames.Keep(new EventsFrame(Name, cursor, events, full: events[^1].Seq < published) { Oldest = events[0].At, Traces = TakeTraces(events) });
        }
    }

    /// <summary>Whether frames remain for a connection at <paramref name="cursor"/>.</summary>
    public bool HasMore(long cursor)
    {
        lock (gate)
            return cursor < published;
    }

    private async Task ReadTailAsync(IStreams log)
    {
        await Task.Yield();                                  // the caller holds the lock
        var page = await log.ReadAsync(Name, long.MaxValue - 1, 1, CancellationToken.None);
        if (page.Head > 0)
            page = await log.ReadAsync(Name, Math.Max(0, page.Head - Ring.Capacity), Ring.Capacity, CancellationToken.None);
        var tail = page.Events.ToList();
        while (tail is [.., var last] && last.Seq < page.Head)       // big events: a page holds fewer
        {
            var next = await log.ReadAsync(Name, last.Seq, Ring.Capacity, CancellationToken.None);
            if (next.Events is [] || !string.Equals(next.Epoch, page.Epoch, StringComparison.Ordinal))
                break;
            tail.AddRange(next.Events);
        }

        lock (gate)
        {
            order.Start(page with { Events = tail });
            published = order.Head;
            Settle();
        }
    }

    private static List<string>? TakeTraces(Entry[] events)
    {
        List<string>? traces = null;
        foreach (var happened in events)
        {
            if (happened.TakeTrace() is { } trace)
                (traces ??= []).Add(trace);
        }

        return traces;
    }

    private Entry[] Range(long after, long last)
    {
        var (to, bytes) = (after, 0);
        while (to < last && (to == after || bytes + order.Ring[to + 1].Json.Length <= MostBytes))
            bytes += order.Ring[++to].Json.Length;
        var events = new Entry[to - after];
        for (var i = 0; i < events.Length; i++)
            events[i] = order.Ring[after + 1 + i];
        return events;
    }
}
