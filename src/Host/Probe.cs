using Modular.Kernel.Web;

namespace Modular.Host;

/// <summary>Asks the host that serves on this machine, for containers whose image has no shell and no client.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>0 when it is ready, 1 when it is not: what a container's health check wants.</summary>
    public static async Task<int> RunAsync(CancellationToken ct)
    {
        var port = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS")?.Split(';')[0] is { Length: > 0 } given ? given : "8080";
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/{Health.Ready}"), ct);
            if (answer.IsSuccessStatusCode)
                return 0;
            await Console.Error.WriteLineAsync(await answer.Content.ReadAsStringAsync(ct));
        }
        catch (HttpRequestException nobody)
        {
            await Console.Error.WriteLineAsync($"Nothing answers on port {port}: {nobody.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"Nothing answered on port {port} within {Patience.TotalSeconds} s.");
        }

        return 1;
    }
}
