using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Sockets;

/// <summary>The open hub connections of this process.</summary>
internal sealed class OpenSockets(Backlog backlog, TimeProvider clock, Meters meters, ILogger<LiveConnection> logger)
{
    private static readonly object Key = new();

    private readonly ConcurrentDictionary<string, LiveConnection> all = new(StringComparer.Ordinal);
    private int count;
    private int next;

    public int Count => Volatile.Read(ref count);

    public IEnumerable<LiveConnection> All => all.Select(c => c.Value);

    /// <summary>True once this replica is leaving: it takes no new sockets.</summary>
    public bool Leaving { get; set; }

    public static LiveConnection Of(HubCallerContext context) => (LiveConnection)context.Items[Key]!;

    public void Add(HubConnectionContext socket)
    {
        var slot = Interlocked.Increment(ref next) & int.MaxValue;
        var connection = new LiveConnection(new SocketWriter(socket, clock, meters, logger), Caller.From(socket.User), slot, backlog, clock, meters, logger);
        socket.Items[Key] = connection;
        all[socket.ConnectionId] = connection;
        Interlocked.Increment(ref count);
        meters.Connected(1);
    }

    public void Remove(HubConnectionContext socket)
    {
        if (!all.TryRemove(socket.ConnectionId, out var connection))
            return;
        connection.Close();
        Interlocked.Decrement(ref count);
        meters.Connected(-1);
    }
}
