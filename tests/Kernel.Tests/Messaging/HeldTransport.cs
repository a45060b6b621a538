using Modular.Kernel.Messaging;

namespace Modular.Kernel.Tests.Messaging;

/// <summary>A broker as a lane sees it: takes what is published, or not until the test says so.</summary>
internal sealed class HeldTransport : IEventTransport
{
    private readonly List<(string Module, OutboxRow[] Rows)> published = [];
    private volatile TaskCompletionSource? held;
    private int begun;
    private int begunWithRows;

    public bool IsAlone => false;

    /// <summary>Thrown by every attempt while it is set.</summary>
    public Exception? Fails { get; set; }

    /// <summary>Attempts begun.</summary>
    public int Begun => Volatile.Read(ref begun);

    /// <summary>Of these, those that were no canary.</summary>
    public int BegunWithRows => Volatile.Read(ref begunWithRows);

    public IReadOnlyList<(string Module, OutboxRow[] Rows)> Published
    {
        get
        {
            lock (published)
                return [.. published];
        }
    }

    public IReadOnlyList<OutboxRow> Rows => [.. Published.SelectMany(p => p.Rows)];

    public void Forget()
    {
        lock (published)
            published.Clear();
    }

    public void Hold() => held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var waiting = held;
        held = null;
        waiting?.SetResult();
    }

    /// <summary>It delivers nothing.</summary>
    public Task StartReceivingAsync() => Task.CompletedTask;

    public async Task PublishAsync(string module, IReadOnlyList<OutboxRow> batch, CancellationToken ct)
    {
        Interlocked.Increment(ref begun);
        if (batch.Count > 0)
            Interlocked.Increment(ref begunWithRows);
        if (held is { } hold)
            await hold.Task.WaitAsync(ct);
        if (Fails is { } failure)
            throw failure;
        lock (published)
            published.Add((module, [.. batch]));
    }

    public Task StopReceivingAsync(CancellationToken hurry) => Task.CompletedTask;

    public Task StopAsync(CancellationToken hurry) => Task.CompletedTask;
}
