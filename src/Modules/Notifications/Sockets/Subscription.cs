using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sockets;

/// <summary>
/// A connection's place in a stream. Shut until the answer to Subscribe has been written; only the connection's pump
/// moves the cursor, and only between <see cref="TryEnter"/> and <see cref="Leave"/>.
/// </summary>
internal sealed class Subscription(LiveConnection connection, LiveStream stream)
{
    private readonly Lock gate = new();
    private bool open;
    private bool stopped;
    private bool entered;
    private TaskCompletionSource? left;
    private Frame? last;

    public LiveConnection Connection => connection;

    public LiveStream Stream => stream;

    /// <summary>Everything up to here has been sent or is in a snapshot the client takes.</summary>
    public long Cursor { get; set; }

    /// <summary>Events of the log for a cursor that the ring no longer reaches, put here by <see cref="Backlog"/>.</summary>
    public StreamPage? Page { get; set; }

    /// <summary>A read of the log is under way.</summary>
    public bool Reading { get; set; }

    /// <summary>Its place among the stream's followers, guarded by the stream; -1 when it has left.</summary>
    public int Index { get; set; } = -1;

    /// <summary>What is sent before anything else of the stream.</summary>
    public Frame? First { get; set; }

    /// <summary>The frame that says why it is over; nothing of the stream is sent after it.</summary>
    public Frame? Last => Volatile.Read(ref last);

    public bool IsOpen => Volatile.Read(ref open);

    public void Open()
    {
        lock (gate)
            open = true;
        connection.Pump.Schedule();
    }

    public void Wake(IReadOnlyCollection<Frame> signals)
    {
        if (!IsOpen)
            return;
        foreach (var signal in signals)
            connection.Pump.Pass(this, signal);
        connection.Pump.Schedule();
    }

    /// <summary>Ends it with <paramref name="frame"/>; the first reason counts.</summary>
    public void Finish(Frame frame)
    {
        Interlocked.CompareExchange(ref last, frame, null);
        connection.Pump.Schedule();
    }

    public bool TryEnter()
    {
        lock (gate)
            return open && !stopped && (entered = true);
    }

    public void Leave()
    {
        lock (gate)
        {
            entered = false;
            left?.TrySetResult();
        }
    }

    /// <summary>
    /// Done when nothing of it will be written any more: a frame of the old subscription must not come after the
    /// answer of the one that replaces it.
    /// </summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            stopped = true;
            if (!entered)
                return Task.CompletedTask;
            left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return left.Task;
        }
    }
}
