using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Observability;

/// <summary>The way to the collector. Says once that it is blocked and once that it is free again: exporters themselves are silent.</summary>
internal sealed class CollectorLink(string endpoint, ILogger log) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
{
    private int blocked;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = base.Send(request, cancellationToken);
            Answered(answer);
            return answer;
        }
        catch (Exception e)
        {
            Failed(e);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Answered(answer);
            return answer;
        }
        catch (Exception e)
        {
            Failed(e);
            throw;
        }
    }

    private void Answered(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            Blocked($"it answered {(int)answer.StatusCode}");
        else if (Interlocked.Exchange(ref blocked, 0) == 1)
            log.LogInformation("The collector at {Endpoint} takes telemetry again", endpoint);
    }

    private void Failed(Exception error) => Blocked(error is OperationCanceledException ? "it did not answer in time" : error.Message);

    private void Blocked(string reason)
    {
        if (Interlocked.Exchange(ref blocked, 1) == 0)
            log.LogWarning("The collector at {Endpoint} takes no telemetry; it is dropped until it does: {Reason}", endpoint, reason);
    }
}
