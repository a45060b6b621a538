using Modular.Kernel.Messaging;

namespace Modular.Notifications.Streams;

/// <summary>
/// Puts a stream's events in order and drops duplicates; what came too early is held. It neither waits nor locks:
/// its <see cref="LiveStream"/> does both.
/// </summary>
/// <param name="redacted">Told when kept events were redacted, because finished frames may hold them.</param>
internal sealed class Sequencer(Action redacted)
{
    // What is held beyond this is read from the log again when the hole is healed.
    private const int MostHeld = 1_000;

    private readonly SortedDictionary<long, Entry> held = [];

    public Ring Ring { get; } = new();

    /// <summary>Null until the log's head has been read: events that come earlier are held.</summary>
    public string? Epoch { get; private set; }

    /// <summary>The last number without a hole before it.</summary>
    public long Head { get; private set; }

    /// <summary>The highest number known to exist.</summary>
    public long Known { get; private set; }

    public bool Gapped => Epoch is not null && Known > Head;

    public void Take(Entry entry)
    {
        if (entry.Seq <= Head)
            return;
        Known = Math.Max(Known, entry.Seq);
        if (Epoch is null || entry.Seq > Head + 1)
        {
            if (held.Count < MostHeld)
                held.TryAdd(entry.Seq, entry);
            return;
        }

        Append(entry);
        TakeHeld();
    }

    /// <summary>The log says that numbers up to <paramref name="seq"/> exist.</summary>
    public void Hear(long seq) => Known = Math.Max(Known, seq);

    /// <summary>Begins with the tail of the log.</summary>
    public void Start(StreamPage tail)
    {
        foreach (var happened in tail.Events)
        {
            // The tail may have been read in pages, and an early one before what it holds was redacted.
            if (happened.Redacts is { } subject)
                Ring.Redact(subject);
            Ring.Add(Entry.Of(happened));
        }

        (Epoch, Head) = (tail.Epoch, tail.Events.Count > 0 ? tail.Events[^1].Seq : tail.Head);
        Hear(tail.Head);
        TakeHeld();
    }

    /// <summary>Fills holes with what the log holds above <paramref name="asked"/>; false when the log cannot.</summary>
    public bool Heal(long asked, StreamPage page)
    {
        if (!string.Equals(page.Epoch, Epoch, StringComparison.Ordinal) || !page.ReachesBackTo(asked))
            return false;
        foreach (var happened in page.Events.Where(e => e.Seq == Head + 1))
            Append(Entry.Of(happened));
        Hear(page.Head);
        TakeHeld();
        return true;
    }

    private void TakeHeld()
    {
        while (held.Count > 0 && held.First() is var (seq, entry) && seq <= Head + 1)
        {
            held.Remove(seq);
            if (seq > Head)
                Append(entry);
        }
    }

    private void Append(Entry entry)
    {
        if (entry.Redacts is { } subject && Ring.Redact(subject))
            redacted();
        Ring.Add(entry);
        Head = entry.Seq;
        Known = Math.Max(Known, Head);
    }
}
