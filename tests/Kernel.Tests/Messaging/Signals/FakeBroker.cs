using Modular.Kernel.Messaging.Signals;

namespace Modular.Kernel.Tests.Messaging.Signals;

/// <summary>A broker that can be slow and fail.</summary>
internal sealed class FakeBroker : ISignalTransport
{
    private readonly List<SignalMessage> published = [];
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    public bool Fails { get; set; }

    /// <summary>While set, publishing waits for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    public IReadOnlyList<SignalMessage> Published
    {
        get
        {
            lock (published)
                return [.. published];
        }
    }

    public IReadOnlyList<string> Types => [.. Published.Select(s => s.Type)];

    public async Task PublishAsync(IReadOnlyList<SignalMessage> batch, CancellationToken ct)
    {
        Interlocked.Increment(ref calls);
        if (Held is { } held)
            await held.Task.WaitAsync(ct);
        if (Fails)
            throw new IOException("The broker is away.");
        lock (published)
            published.AddRange(batch);
    }
}
