using MassTransit;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.MassTransit;

/// <summary>
/// How a process comes to its broker and leaves it. MassTransit hangs when it is told to stop an endpoint that is still
/// declaring its queue, and the queue would stay: a start that has come so far is finished before the stop.
/// </summary>
internal sealed class BusLifetime(BrokerAddress broker, IBusControl bus, BrokerTopology topology, BusEndpoints endpoints, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource leaving = new();
    private Task starting = Task.CompletedTask;

    /// <summary>However long the broker is away at first; MassTransit connects again by itself afterwards.</summary>
    public Task StartAsync() => starting = ConnectAsync();

    public async Task StopReceivingAsync(CancellationToken hurry)
    {
        await leaving.CancelAsync();
        await StepAsync("did not end its consumers; what was not handled is delivered again", async () =>
        {
            await starting.WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await endpoints.StopAsync(hurry).WaitAsync(hurry);
        });
    }

    public async Task StopAsync(CancellationToken hurry)
    {
        await endpoints.GiveUpAsync();
        await StepAsync("did not say goodbye", () => bus.StopAsync(hurry).WaitAsync(hurry));
        if (endpoints.Live is not { } queue)
            return;
        // Its own time: where the bus did not stop, the broker may well be there. Enough for a new connection to a busy one.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await StepAsync("did not delete this process's queue, which expires by itself", () => topology.DeleteAsync(queue, patience.Token));
    }

    public void Dispose() => leaving.Dispose();

    private async Task ConnectAsync()
    {
        // The queues must not hang on exchanges that are not there yet.
        await UntilDoneAsync(() => topology.DeclaredAsync(leaving.Token));
        await UntilDoneAsync(() => bus.StartAsync(leaving.Token));
        await endpoints.StartAsync(leaving.Token);
        logger.LogInformation("Connected to the message broker at {Broker}", broker);
    }

    private async Task UntilDoneAsync(Func<Task> step)
    {
        while (true)
        {
            try
            {
                await step();
                return;
            }
            catch (Exception e) when (!leaving.IsCancellationRequested)
            {
                logger.LogWarning("The message broker at {Broker} is away: {Reason}", broker, e.Message);
                await Task.Delay(1_000, leaving.Token);
            }
        }
    }

    /// <summary>On the way out nothing that goes wrong here may keep the rest from leaving.</summary>
    private async Task StepAsync(string failed, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e)
        {
            logger.LogWarning("The message broker at {Broker} {Failed}: {Reason}", broker, failed, e.Message);
        }
    }
}
