using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Messaging;

/// <summary>Publishes an empty batch for every module every few seconds, the way events go, so that silence means something.</summary>
internal sealed class Canary(IReadOnlyCollection<string> modules, IEventTransport transport, TimeProvider clock, ILogger logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public async Task RunUntilAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await Task.WhenAll(modules.Select(module => transport.PublishAsync(module, [], stop)));
            }
            catch (UnpublishedException e)
            {
                logger.LogDebug("No canary got through: {Reason}", e.Message);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // Nothing is lost with a canary, and its end would have the process restarted.
                logger.LogWarning(e, "No canary got through");
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
