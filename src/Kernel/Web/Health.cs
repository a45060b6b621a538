using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Modular.Kernel.Web;

/// <summary>
/// <c>/health/live</c>: restart me if not 200. <c>/health/ready</c>: send me no requests if not 200. <c>/health/started</c>: migrated and seeded.
/// Checks belong to one by their tags <see cref="Live"/>, <see cref="Ready"/>, <see cref="Started"/>.
/// </summary>
public static class Health
{
    public const string Live = "live";
    public const string Ready = "ready";
    public const string Started = "started";

    internal static void Add(IServiceCollection services) =>
        services.AddHealthChecks()
            .AddCheck("process", () => HealthCheckResult.Healthy(), [Live, Started])
            .AddCheck<DrainCheck>("drain", tags: [Ready]);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var tag in new[] { Live, Ready, Started })
            routes.MapHealthChecks($"/health/{tag}", new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync })
                .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
                .AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var checks = report.Entries
            .OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => new CheckView(e.Key, Word(e.Value.Status), e.Value.Description))
            .ToArray();
        if (report.Status != HealthStatus.Unhealthy)
            return http.Response.WriteAsJsonAsync(new HealthView(Word(report.Status), checks), http.RequestAborted);
        var failed = string.Join(" ", checks.Where(c => c.Status == "failed").Select(c => c.Detail ?? $"{c.Name} failed."));
        return Problems.WriteAsync(http, new UnhealthyProblem(Problems.Of(http, StatusCodes.Status503ServiceUnavailable, "unhealthy", failed), checks));
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };

    private sealed record HealthView(string Status, IReadOnlyList<CheckView> Checks);

    private sealed record UnhealthyProblem([property: System.Text.Json.Serialization.JsonIgnore] Problem Failed, IReadOnlyList<CheckView> Checks) : Problem(Failed);

    private sealed record CheckView(string Name, string Status, string? Detail);
}

internal sealed class DrainCheck(GracefulStop drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining ? HealthCheckResult.Unhealthy("This process is leaving.") : HealthCheckResult.Healthy());
}
