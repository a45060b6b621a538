using Microsoft.AspNetCore.SignalR;
using Modular.Notifications.Frames;

namespace Modular.Notifications.Sockets;

/// <summary>A connection of the hub. SignalR itself pings it and finds out whether it is there.</summary>
internal sealed class HubWire(HubConnectionContext socket, HubFormat format) : IWire
{
    public Protocol Protocol => Protocol.Hub;

    public string Id => socket.ConnectionId;

    public CancellationToken Aborted => socket.ConnectionAborted;

    public bool IsSilent => false;

    public ValueTask WriteAsync(Frame frame) => socket.WriteAsync(frame.As(format), Aborted);

    public ValueTask KeepAliveAsync() => default;

    public ValueTask LeaveAsync(TimeSpan after) => WriteAsync(new ReconnectFrame(after));

    /// <summary>
    /// Ends the transport too: SignalR alone first writes a closing message, which waits behind the very write that
    /// is stuck.
    /// </summary>
    public void Cut(Cutting reason)
    {
        socket.Abort();
        socket.GetHttpContext()?.Abort();
    }
}
