using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;
using Modular.Notifications.Frames;

namespace Modular.Notifications.Sockets;

/// <summary>Where SignalR hands out its connections, which is the only way to write finished bytes to one.</summary>
internal sealed class HubLifetime(OpenSockets sockets, HubFormat format, ILogger<DefaultHubLifetimeManager<LiveHub>> logger)
    : DefaultHubLifetimeManager<LiveHub>(logger)
{
    private static readonly object Key = new();

    public static LiveConnection Of(HubCallerContext context) => (LiveConnection)context.Items[Key]!;

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var place = connection.Features.Get<IHttpContextFeature>()?.HttpContext?.Features.Get<Places.Place>();
        connection.Items[Key] = sockets.Add(new HubWire(connection, format), Caller.From(connection.User), place);
        ExpectPings(connection);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Items[Key] is LiveConnection known)
            sockets.Remove(known);
        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>
    /// SignalR takes a silent client for gone only once it has pinged, for clients of before there were pings. One whose
    /// phone goes out of reach in its first seconds would hold its place until TCP gives up, a quarter of an hour.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "StartClientTimeout")]
    private static extern void ExpectPings(HubConnectionContext connection);
}
