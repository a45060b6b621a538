using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Web;

namespace Modular.Kernel.Messaging;

/// <summary>Hands committed events and signals to the sockets of this process. A sink that throws must not stop the commit loop that calls.</summary>
internal sealed class LiveDelivery(IEnumerable<ILiveSink> sinks, IEnumerable<IRevocationListener> listeners, ILogger<LiveDelivery> logger)
{
    private readonly ILiveSink[] sinks = [.. sinks];
    private readonly IRevocationListener[] listeners = [.. listeners];

    public void Deliver(IReadOnlyList<OutboxRow> rows)
    {
        var events = new List<StreamEvent>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Stream is not null)
                events.Add(row.ToStreamEvent());
        }

        if (events.Count > 0)
            Each(sinks, sink => sink.Deliver(events));
    }

    public void EpochChanged(string module) => Each(sinks, sink => sink.EpochChanged(module));

    /// <summary>Of this process or received from another replica; it goes no further.</summary>
    public void Signal(SignalMessage signal)
    {
        if (Revocations.Carries(signal))
            Each(listeners, listener => listener.SessionsMayHaveChanged(Revocations.Read(signal)));
        else
            Each(sinks, sink => sink.Signal(signal));
    }

    private void Each<T>(T[] told, Action<T> tell) where T : notnull
    {
        foreach (var one in told)
        {
            try
            {
                tell(one);
            }
            catch (Exception e)
            {
                // Its readers find a lost event by the numbers and heal it from the log; signals may be lost.
                logger.LogError(e, "{Sink} failed to take what came", one.GetType().Name);
            }
        }
    }
}
