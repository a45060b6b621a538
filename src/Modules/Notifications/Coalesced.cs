namespace Modular.Notifications;

/// <summary>
/// Work that any number of callers schedule once: a call while it waits or runs makes it run once more. It holds
/// no thread and no task while nothing happens, so ten thousand idle sockets cost ten thousand integers.
/// </summary>
internal abstract class Coalesced : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;

    private int state;

    /// <summary>Never blocks and never runs the work on the caller's thread.</summary>
    public void Schedule()
    {
        if (Interlocked.Exchange(ref state, Again) == Idle)
            Enqueue();
    }

    void IThreadPoolWorkItem.Execute() => _ = PassAsync();

    /// <summary>One pass; may throw, then <see cref="Failed"/> is told and later calls work as before.</summary>
    protected abstract ValueTask RunAsync();

    protected abstract void Failed(Exception error);

    /// <summary>Has the next pass made on some other thread, some time soon.</summary>
    protected virtual void Enqueue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private async Task PassAsync()
    {
        // A full fence: what was made visible before the call is seen by the pass.
        Interlocked.Exchange(ref state, Running);
        try
        {
            await RunAsync();
        }
        catch (Exception e)
        {
            Failed(e);
        }

        // Not a loop: the others in the pool get their turn before the next pass.
        if (Interlocked.CompareExchange(ref state, Idle, Running) != Running)
            Enqueue();
    }
}
