namespace Modular.Kernel.Documents.Commit;

/// <summary>A write set on its way through the commit loop, and the promise its caller waits on.</summary>
internal sealed class CommitRequest(WriteSet writes, Dictionary<LockKey, LockMode> locks)
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int state;

    public WriteSet Writes { get; } = writes;

    public Dictionary<LockKey, LockMode> Locks { get; } = locks;

    public Task Completion => completion.Task;

    public bool IsWithdrawn => Volatile.Read(ref state) == Withdrawn;

    /// <summary>The loop takes it into a batch; from here on its caller cannot cancel it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Queued) == Queued;

    /// <summary>The loop gives it back: what it was in is known not to have been committed.</summary>
    public void Release() => Interlocked.CompareExchange(ref state, Queued, Taken);

    /// <summary>It was given back because somebody holds a row it needs.</summary>
    public bool IsHeldUp { get; set; }

    /// <summary>The caller gives up before the loop took it: nothing will be written.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref state, Withdrawn, Queued) == Queued;

    /// <summary>The caller has left, told that the outcome is open. Known not to be committed, it is not tried again.</summary>
    public bool IsAbandoned { get; private set; }

    public void Abandon() => IsAbandoned = true;

    public void Succeed() => completion.TrySetResult();

    public void Fail(Exception error) => completion.TrySetException(error);
}
