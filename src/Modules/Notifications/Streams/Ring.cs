namespace Modular.Notifications.Streams;

/// <summary>The last <see cref="Capacity"/> events of a stream without a hole. Not thread-safe: its stream's lock guards it.</summary>
internal sealed class Ring
{
    public const int Capacity = 300;

    private Entry[] slots = [];
    private int start;

    public int Count { get; private set; }

    /// <summary>The number of the first event kept, <see cref="long.MaxValue"/> when there is none.</summary>
    public long First => Count == 0 ? long.MaxValue : slots[start].Seq;

    public Entry this[long seq] => slots[Index((int)(seq - First))];

    public void Add(Entry entry)
    {
        if (Count > 0 && entry.Seq != First + Count)
            Count = 0;
        if (Count == slots.Length && Count < Capacity)
            Grow();
        if (Count == Capacity)
            start = Index(1);
        else
            Count++;
        slots[Index(Count - 1)] = entry;
    }

    /// <summary>True when something was redacted.</summary>
    public bool Redact(Guid subject)
    {
        var found = false;
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref slots[Index(i)];
            if (entry.Subject != subject)
                continue;
            entry = entry.Redacted();
            found = true;
        }

        return found;
    }

    private int Index(int offset) => (start + offset) % slots.Length;

    private void Grow()
    {
        // Most streams are quiet: a full-size array for each would be most of the memory of a big replica.
        var larger = new Entry[Math.Min(Capacity, Math.Max(8, Count * 2))];
        for (var i = 0; i < Count; i++)
            larger[i] = slots[Index(i)];
        (slots, start) = (larger, 0);
    }
}
