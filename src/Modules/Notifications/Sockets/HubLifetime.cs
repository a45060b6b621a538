using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Modular.Notifications.Sockets;

/// <summary>Where SignalR hands out its connections, which is the only way to write finished bytes to one.</summary>
internal sealed class HubLifetime(OpenSockets sockets, ILogger<DefaultHubLifetimeManager<LiveHub>> logger)
    : DefaultHubLifetimeManager<LiveHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        sockets.Add(connection);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        sockets.Remove(connection);
        return base.OnDisconnectedAsync(connection);
    }
}
