using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Ticks;

/// <summary>Sessions and rights are asked again every 5 s: what was revoked is gone from the wire at most 10 s later.</summary>
internal sealed class RightsTick(Rights rights, OpenSockets sockets, TimeProvider clock, ILogger<RightsTick> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await rights.RecheckAsync([.. sockets.All], stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Rights that cannot be asked stay as they were: a database blip must not throw everybody out.
                logger.LogWarning(e, "Sessions and rights of open connections cannot be checked");
            }
        }
    }
}
