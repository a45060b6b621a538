namespace Modular.Kernel.Documents.Commit;

internal enum WriteKind
{
    Insert,
    Update,
    Delete,
    Increment,
    Expect,
}

/// <param name="Version">The version the row must have now; null where it only has to exist (increment) or must not (insert).</param>
/// <param name="Json">The document's JSON for inserts and updates.</param>
internal sealed record DocumentWrite(
    WriteKind Kind, TablePlan Table, Guid Id, int? Version = null, Document? Document = null, string? Json = null, string? Counter = null, int Delta = 0);

/// <param name="Stream">Null for events to handlers only.</param>
internal sealed record EventWrite(Guid EventId, string? Stream, string Type, Guid Subject, string Data);

internal sealed record InboxWrite(Guid EventId, string Handler);

internal sealed record DeadLetterWrite(
    Guid EventId, string Handler, string Type, string? Stream, long Seq, string Data, DateTimeOffset HappenedAt, string? RequestId, string Error, int Attempts);

/// <summary>Everything one session wants in its commit.</summary>
internal sealed class WriteSet
{
    public List<DocumentWrite> Documents { get; } = [];

    public List<EventWrite> Events { get; } = [];

    public List<(string Stream, Guid Subject)> Redactions { get; } = [];

    public InboxWrite? Inbox { get; set; }

    public DeadLetterWrite? DeadLetter { get; set; }

    /// <summary>The dead letter whose event is handled anew with this; it leaves the table in the same commit.</summary>
    public InboxWrite? Replays { get; set; }

    public string? RequestId { get; init; }

    /// <summary>W3C <c>traceparent</c> of what is being done, where that is being traced.</summary>
    public string? Trace { get; set; }

    public bool IsEmpty => Documents.Count == 0 && Events.Count == 0 && Redactions.Count == 0 && Inbox is null && DeadLetter is null && Replays is null;

    public int Operations => Documents.Count + Events.Count + Redactions.Count;

    /// <summary>Roughly what it sends, in bytes.</summary>
    public int Size { get; private set; }

    public void Add(DocumentWrite write)
    {
        Documents.Add(write);
        Size += 64 + (write.Json?.Length ?? 0);
    }

    public void Add(EventWrite write)
    {
        Events.Add(write);
        Size += 96 + write.Data.Length;
    }

    /// <summary>What the set touches, so that sets which touch the same thing are kept out of one batch.</summary>
    public Dictionary<LockKey, LockMode> Locks()
    {
        var locks = new Dictionary<LockKey, LockMode>();
        foreach (var write in Documents)
        {
            Take(locks, new LockKey(write.Table.Table, null, write.Id), write.Kind switch
            {
                WriteKind.Increment => LockMode.Increment,
                WriteKind.Expect => LockMode.Expect,
                _ => LockMode.Exclusive,
            });
            if (write.Document is null)
                continue;
            foreach (var index in write.Table.Uniques)
            {
                if (TablePlan.UniqueKey(index, write.Document) is { } key)
                    Take(locks, new LockKey(write.Table.Table, key, default), LockMode.Exclusive);
            }
        }

        if (Inbox is { } inbox)
            Take(locks, new LockKey("inbox", inbox.Handler, inbox.EventId), LockMode.Exclusive);
        if (Replays is { } letter)
            Take(locks, new LockKey("inbox", letter.Handler, letter.EventId), LockMode.Exclusive);
        return locks;
    }

    private static void Take(Dictionary<LockKey, LockMode> locks, LockKey key, LockMode mode) =>
        locks[key] = locks.TryGetValue(key, out var held) && held != mode ? LockMode.Exclusive : mode;
}

internal enum LockMode
{
    Exclusive,
    Increment,
    Expect,
}

internal readonly record struct LockKey(string Space, string? Text, Guid Id);
