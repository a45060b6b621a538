using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Drain;

/// <summary>
/// Asks the open sockets to reconnect, a batch at a time, before the server stops: without it the framework closes all
/// at once and every client comes back in the same second.
/// </summary>
/// <remarks>
/// The work is done inside the stopping token's callback, blocking it: callbacks run last registered first, and the
/// one that closes all sockets (SignalR's, registered when the hub was mapped) waits behind. The server serves on meanwhile.
/// </remarks>
internal sealed class DrainSockets(
    OpenSockets sockets, IOptions<DrainOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DrainSockets> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(2);

    private CancellationTokenRegistration registration;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        registration = lifetime.ApplicationStopping.Register(() => DrainAsync().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        registration.Dispose();
        return Task.CompletedTask;
    }

    internal async Task DrainAsync()
    {
        sockets.Leaving = true;
        var window = options.Value.Window;
        var open = sockets.All.ToArray();
        if (open.Length == 0)
            return;
        logger.LogInformation("{Count} sockets are asked to reconnect elsewhere within {Window}", open.Length, window);
        var batches = Math.Max(1, (int)(window / Pause));
        // Written is not sent yet, and what closes the sockets next does not wait for it: also without a window. Then in steps,
        // because one pause is over at once for a process that stood still meanwhile.
        var (steps, time) = window > TimeSpan.Zero ? (1, clock) : (5, TimeProvider.System);
        foreach (var batch in open.Chunk((open.Length + batches - 1) / batches))
        {
            foreach (var socket in batch)
                socket.Pump.AskToReconnect(LongestReturn * Random.Shared.NextDouble());
            for (var step = 0; step < steps; step++)
                await Task.Delay(Pause / steps, time);
        }
    }
}
