using Microsoft.Extensions.Hosting;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Ticks;

/// <summary>
/// Every 5 s it is each connection's turn, in its own part of the interval: one timer for all of them, because one for each
/// costs more memory and wakes than the connections themselves. The hub's are SignalR's business.
/// </summary>
internal sealed class KeepAliveTick(OpenSockets sockets, TimeProvider clock) : BackgroundService
{
    private const int Steps = 20;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, clock);
        var (began, done) = (clock.GetTimestamp(), 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // By the clock: a busy process misses ticks, and its clients must not wait longer for that.
            var now = (long)(clock.GetElapsedTime(began) / Step);
            foreach (var connection in sockets.All)
            {
                if (connection.Socket.Protocol is not Protocol.Hub && Turns(connection, now) > Turns(connection, done))
                    connection.Pump.KeepAlive();
            }

            done = now;
        }
    }

    /// <summary>How often it has been its turn up to a step.</summary>
    private static long Turns(LiveConnection connection, long step) => (step + Steps - 1 - (connection.Slot % Steps)) / Steps;
}
