using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Modular.Kernel.Web;

namespace Modular.Kernel.Tests.Web;

public sealed class HealthTests
{
    [Fact]
    public async Task A_failed_check_is_a_503_problem_that_lists_the_checks_and_touches_only_its_own_probe()
    {
        await using var host = await TestHost.StartAsync(b => b.Services.AddHealthChecks()
            .AddCheck("loop", () => HealthCheckResult.Unhealthy("The commit loop of things has ended."), [Health.Live])
            .AddCheck("slow", () => HealthCheckResult.Degraded("Slow."), [Health.Ready]));
        var live = await host.GetAsync("/health/live");
        live.ShouldBeProblem(503, "unhealthy");
        live.Errors().ShouldBe("The commit loop of things has ended.");
        live.Json.GetProperty("checks").EnumerateArray().Select(c => $"{c.GetProperty("name")} {c.GetProperty("status")}").ShouldBe(["loop failed", "process ok"]);

        var ready = await host.GetAsync("/health/ready");
        ready.Status.ShouldBe(200);
        ready.Json.GetProperty("status").GetString().ShouldBe("degraded");
        (await host.GetAsync("/health/started")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_leaving_process_is_not_ready_but_alive_and_still_serves_with_connections_closing()
    {
        await using var host = await TestHost.StartAsync(configure: null, ("Drain:Grace", "00:05:00"));
        using var hurry = new CancellationTokenSource();
        var leaving = host.App.Services.GetRequiredService<GracefulStop>().RunAsync(hurry.Token);

        (await host.GetAsync("/health/ready")).ShouldBeProblem(503, "unhealthy");
        (await host.GetAsync("/health/live")).Status.ShouldBe(200);
        var served = await host.GetAsync("/api/things/list?limit=1");
        served.Status.ShouldBe(200);
        served.Header("Connection").ShouldBe("close");

        leaving.IsCompleted.ShouldBeFalse();
        await hurry.CancelAsync();
        await leaving.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
