using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Sockets;

/// <summary>The open connections of this process, whatever they speak.</summary>
internal sealed class OpenSockets(Backlog backlog, PumpQueue queue, TimeProvider clock, Meters meters, ILogger<LiveConnection> logger)
{
    private readonly ConcurrentDictionary<LiveConnection, bool> all = [];
    private int count;
    private int next;

    public int Count => Volatile.Read(ref count);

    public IEnumerable<LiveConnection> All => all.Select(c => c.Key);

    /// <summary>True once this replica is leaving: it takes no new sockets.</summary>
    public bool Leaving { get; set; }

    public LiveConnection Add(IWire wire, Caller? caller, Places.Place? place)
    {
        var slot = Interlocked.Increment(ref next) & int.MaxValue;
        var connection = new LiveConnection(new SocketWriter(wire, clock, meters, logger), caller, slot, backlog, queue, clock, meters, logger) { Place = place };
        all[connection] = true;
        Interlocked.Increment(ref count);
        meters.Connected(1, wire.Protocol);
        return connection;
    }

    public void Remove(LiveConnection connection)
    {
        if (!all.TryRemove(connection, out _))
            return;
        connection.Close();
        Interlocked.Decrement(ref count);
        meters.Connected(-1, connection.Socket.Protocol);
    }
}
