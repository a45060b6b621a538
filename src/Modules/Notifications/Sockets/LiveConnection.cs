using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Sockets;

/// <summary>An open socket: who it is, what it follows, and the <see cref="Pump"/> that writes to it.</summary>
internal sealed class LiveConnection
{
    public const int MostSubscriptions = 128;

    private readonly Lock gate = new();
    private readonly Meters meters;
    private Subscription[] subscriptions = [];
    private bool closed;

    public LiveConnection(SocketWriter socket, Caller? caller, int slot, Backlog backlog, PumpQueue queue, TimeProvider clock, Meters meters, ILogger logger)
    {
        (Socket, Caller, Slot, this.meters) = (socket, caller, slot, meters);
        Rate = new CallRate(clock);
        Pump = new Pump(this, backlog, queue, logger);
    }

    public SocketWriter Socket { get; }

    public Pump Pump { get; }

    public Caller? Caller { get; set; }

    /// <summary>What it holds of the limits on connections.</summary>
    public Places.Place? Place { get; init; }

    /// <summary>For clients that cannot subscribe again: what follows a stream on after a hole. Null where they can.</summary>
    public Action<string>? GoOn { get; set; }

    /// <summary>Which part of each interval it is told things in.</summary>
    public int Slot { get; }

    public CallRate Rate { get; }

    public Subscription[] Subscriptions => Volatile.Read(ref subscriptions);

    /// <summary>False when the connection has closed meanwhile.</summary>
    public bool Add(Subscription subscription)
    {
        lock (gate)
        {
            if (closed)
                return false;
            subscriptions = [.. subscriptions, subscription];
        }

        meters.Subscribed(1);
        return true;
    }

    public void Remove(Subscription subscription)
    {
        subscription.Stream.Unfollow(subscription);
        lock (gate)
        {
            var rest = Array.FindAll(subscriptions, s => s != subscription);
            if (rest.Length == subscriptions.Length)
                return;
            subscriptions = rest;
        }

        meters.Subscribed(-1);
    }

    public Subscription? Find(string stream) =>
        Array.Find(Subscriptions, s => string.Equals(s.Stream.Name, stream, StringComparison.Ordinal));

    public void Close()
    {
        lock (gate)
            closed = true;
        foreach (var subscription in Subscriptions)
            Remove(subscription);
    }
}
