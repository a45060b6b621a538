using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sockets;

/// <summary>Writes finished frames to one socket; a client that takes none for 10 s is cut.</summary>
internal sealed class SocketWriter(HubConnectionContext socket, TimeProvider clock, Meters meters, ILogger logger)
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    public string Id => socket.ConnectionId;

    public CancellationToken Aborted => socket.ConnectionAborted;

    public async ValueTask WriteAsync(Frame frame)
    {
        var traces = frame.TakeTraces();
        var begun = traces is null ? default : clock.GetUtcNow();
        await WriteAsync(frame.Message);
        if (frame.Oldest is { } oldest && meters.AgeIsWatched)
            meters.Pushed(clock.GetUtcNow() - oldest);
        if (traces is not null)
            LiveTraces.Pushed(frame.Stream, traces, begun);
    }

    public async ValueTask WriteAsync(SerializedHubMessage frame)
    {
        var writing = socket.WriteAsync(frame, Aborted);
        if (writing.IsCompletedSuccessfully)
            return;
        try
        {
            await writing.AsTask().WaitAsync(LongestWrite, clock, Aborted);
        }
        catch (TimeoutException)
        {
            logger.LogInformation("Connection {Connection} took no frame for {Limit}; it is cut", Id, LongestWrite);
            Cut("slow");
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // It is gone; its cursor says nothing any more.
        }
    }

    /// <summary>
    /// Ends the transport too: SignalR alone first writes a closing message, which waits behind the very write that
    /// is stuck.
    /// </summary>
    /// <param name="reason">For who counts them: <c>slow</c>, <c>session</c> or <c>error</c>.</param>
    public void Cut(string reason)
    {
        meters.Cut(reason);
        socket.Abort();
        socket.GetHttpContext()?.Abort();
    }
}
