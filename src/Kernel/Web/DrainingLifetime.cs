using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Web;

/// <summary>
/// Drains on SIGTERM and Ctrl-C before the host stops: <see cref="IHostApplicationLifetime.ApplicationStopping"/> already cuts sockets, so it has
/// to come last. A second signal ends the waiting.
/// </summary>
internal sealed class DrainingLifetime(IHostApplicationLifetime host, GracefulStop drain, ILogger<DrainingLifetime> log) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly CancellationTokenSource hurry = new();
    private int received;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        signals.ForEach(s => s.Dispose());
        hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref received) > 1)
            hurry.Cancel();
        else
            _ = LeaveAsync(context.Signal);
    }

    private async Task LeaveAsync(PosixSignal signal)
    {
        log.LogInformation("{Signal}: leaving", signal);
        try
        {
            await drain.RunAsync(hurry.Token);
        }
        finally
        {
            log.LogInformation("Stopping");
            host.StopApplication();
        }
    }
}
