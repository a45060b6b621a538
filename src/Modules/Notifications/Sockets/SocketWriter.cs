using Microsoft.Extensions.Logging;
using Modular.Notifications.Frames;

namespace Modular.Notifications.Sockets;

/// <summary>Writes to one connection; a client that takes nothing for 10 s is cut.</summary>
internal sealed class SocketWriter(IWire wire, TimeProvider clock, Meters meters, ILogger logger)
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    public Protocol Protocol => wire.Protocol;

    public string Id => wire.Id;

    public CancellationToken Aborted => wire.Aborted;

    public ValueTask WriteAsync(Frame frame) => frame is EventsFrame events ? WriteAsync(events) : TakenAsync(wire.WriteAsync(frame));

    public ValueTask KeepAliveAsync()
    {
        if (!wire.IsSilent)
            return TakenAsync(wire.KeepAliveAsync());
        Cut(Cutting.Silent);
        return default;
    }

    public ValueTask LeaveAsync(TimeSpan after) => TakenAsync(wire.LeaveAsync(after));

    public void Cut(Cutting reason)
    {
        meters.Cut(reason);
        wire.Cut(reason);
    }

    private async ValueTask WriteAsync(EventsFrame frame)
    {
        var traces = frame.TakeTraces();
        var begun = traces is null ? default : clock.GetUtcNow();
        await TakenAsync(wire.WriteAsync(frame));
        if (frame.Oldest is { } oldest && meters.AgeIsWatched)
            meters.Pushed(clock.GetUtcNow() - oldest);
        if (traces is not null)
            LiveTraces.Pushed(frame.Stream, traces, begun);
    }

    private ValueTask TakenAsync(ValueTask writing)
    {
        if (!writing.IsCompletedSuccessfully)
            return WaitAsync(writing);
        writing.GetAwaiter().GetResult();                    // a pooled source is given back by it
        return default;
    }

    private async ValueTask WaitAsync(ValueTask writing)
    {
        try
        {
            await writing.AsTask().WaitAsync(LongestWrite, clock, Aborted);
        }
        catch (TimeoutException)
        {
            logger.LogInformation("Connection {Connection} took no frame for {Limit}; it is cut", Id, LongestWrite);
            Cut(Cutting.Slow);
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // It is gone; its cursor says nothing any more.
        }
    }
}
