using System.Net;
using System.Text.Json;

namespace Modular.Cluster.Tests;

/// <summary>Asks a host whether it is ready, as a load balancer does, and keeps what it was told.</summary>
internal sealed class Readiness(Uri host)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly Lock gate = new();
    private readonly List<string> refusals = [];
    private bool degraded;

    /// <summary>What it said when it was not.</summary>
    public IReadOnlyList<string> Refusals
    {
        get
        {
            lock (gate)
                return [.. refusals];
        }
    }

    /// <summary>Whether it has said that it lacks something it can do without.</summary>
    public bool WasDegraded => Volatile.Read(ref degraded);

    public async Task WatchAsync(CancellationToken enough)
    {
        using var http = new HttpClient { BaseAddress = host };
        while (!enough.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), CancellationToken.None);
                var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (answer.StatusCode != HttpStatusCode.OK)
                    Refused(JsonElement.Parse(text).GetProperty("detail").GetString()!);
                else if (text.StartsWith("{\"status\":\"degraded\"", StringComparison.Ordinal))
                    Volatile.Write(ref degraded, true);
            }
            catch (HttpRequestException e)
            {
                Refused(e.Message);
            }

            await Task.Delay(Every, CancellationToken.None);
        }
    }

    private void Refused(string what)
    {
        lock (gate)
            refusals.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.f} {what}");
    }
}
