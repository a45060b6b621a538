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
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Items[Key] is LiveConnection known)
            sockets.Remove(known);
        return base.OnDisconnectedAsync(connection);
    }
}
