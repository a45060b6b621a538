namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Sessions that wait for a row somebody holds. They are tried by turns, each alone and between the batches of the others, which
/// would all wait with them; whoever comes later for the same stays behind them.
/// </summary>
internal sealed class HeldUpSessions
{
    private readonly Queue<CommitRequest> turns = new();

    public int Count => turns.Count;

    public void Add(CommitRequest request) => turns.Enqueue(request);

    /// <summary>Whose turn it is, taken; those whose callers gave up meanwhile are forgotten.</summary>
    public CommitRequest? Take()
    {
        while (turns.TryDequeue(out var request))
        {
            if (request.TryTake())
                return request;
        }

        return null;
    }

    /// <summary>What nobody else may touch until they are through.</summary>
    public Dictionary<LockKey, LockMode> Locks()
    {
        var held = new Dictionary<LockKey, LockMode>();
        foreach (var key in turns.Where(r => !r.IsWithdrawn).SelectMany(r => r.Locks.Keys))
            held[key] = LockMode.Exclusive;
        return held;
    }

    /// <summary>Those who need what these wait for, and would wait for it in vain.</summary>
    public IReadOnlyList<CommitRequest> Behind(IEnumerable<CommitRequest> others)
    {
        var held = Locks();
        return [.. others.Where(r => r.Locks.Keys.Any(held.ContainsKey))];
    }
}
