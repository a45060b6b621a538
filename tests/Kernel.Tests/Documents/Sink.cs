using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;

namespace Modular.Kernel.Tests.Documents;

/// <summary>What reaches the sockets.</summary>
public sealed class Sink : ILiveSink
{
    private readonly List<StreamEvent> delivered = [];
    private readonly List<SignalMessage> signals = [];

    public IReadOnlyList<StreamEvent> Delivered
    {
        get
        {
            lock (delivered)
                return [.. delivered];
        }
    }

    public IReadOnlyList<SignalMessage> Signals
    {
        get
        {
            lock (signals)
                return [.. signals];
        }
    }

    public int EpochChanges { get; private set; }

    public bool Fails { get; set; }

    public void Deliver(IReadOnlyList<StreamEvent> events)
    {
        if (Fails)
            throw new InvalidOperationException("The sink fails.");
        lock (delivered)
            delivered.AddRange(events);
    }

    public void EpochChanged(string module) => EpochChanges++;

    public void Signal(SignalMessage signal)
    {
        if (Fails)
            throw new InvalidOperationException("The sink fails.");
        lock (signals)
            signals.Add(signal);
    }
}
