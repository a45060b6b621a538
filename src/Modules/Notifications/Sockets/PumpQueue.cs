using System.Collections.Concurrent;

namespace Modular.Notifications.Sockets;

/// <summary>
/// Pumps that have something to send, run a few at a time. An event for ten thousand makes ten thousand of them ready at once;
/// put into the thread pool as they are, every step of every request would wait behind them all, the next event's own included.
/// </summary>
internal sealed class PumpQueue : IThreadPoolWorkItem
{
    private const int AtATime = 32;

    private readonly ConcurrentQueue<IThreadPoolWorkItem> ready = [];
    private readonly int most = Environment.ProcessorCount;
    private int running;

    public void Add(IThreadPoolWorkItem pump)
    {
        ready.Enqueue(pump);
        Start();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < AtATime && ready.TryDequeue(out var pump); i++)
            pump.Execute();
        if (!ready.IsEmpty)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        Interlocked.Decrement(ref running);
        if (!ready.IsEmpty)                                  // added after the look and before the leaving: nobody else comes for it
            Start();
    }

    private void Start()
    {
        for (var now = Volatile.Read(ref running); now < most; now = Volatile.Read(ref running))
        {
            if (Interlocked.CompareExchange(ref running, now + 1, now) != now)
                continue;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }
    }
}
