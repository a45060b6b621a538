using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web;

/// <summary>
/// The way out: readiness goes off, <c>Drain:Grace</c> passes while everything is still served (with <c>Connection: close</c>), then the
/// host stops: sockets are told to move, requests in flight end, the last batch commits.
/// </summary>
public sealed class GracefulStop(IOptions<DrainSettings> settings, TimeProvider clock, ILogger<GracefulStop> log) : IDisposable
{
    private readonly CancellationTokenSource begun = new();

    /// <summary>Cancelled when draining begins. New sockets are refused from then on.</summary>
    public CancellationToken Begun => begun.Token;

    public bool IsDraining => begun.IsCancellationRequested;

    /// <summary>Cancelling <paramref name="hurry"/> ends the waiting.</summary>
    public async Task RunAsync(CancellationToken hurry)
    {
        await begun.CancelAsync();
        log.LogInformation("Draining for {Grace}", settings.Value.Grace);
        try
        {
            await Task.Delay(settings.Value.Grace, clock, hurry);
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("Draining cut short");
        }
    }

    public void Dispose() => begun.Dispose();

    internal Task CloseConnections(HttpContext http, RequestDelegate next)
    {
        if (IsDraining && http.Request.Protocol is "HTTP/1.1" or "HTTP/1.0")
            http.Response.Headers.Connection = "close";
        return next(http);
    }
}
