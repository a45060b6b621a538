using System.Text.Json;
using Modular.Testing;

namespace Modular.Bench.Tests;

/// <summary>The whole of it with little load; it makes itself a <see cref="TestBroker"/> and a <see cref="TestDatabase"/> for each who is measured.</summary>
public sealed class PathBenchTests
{
    [Fact]
    public async Task A_quick_run_measures_both_ways_and_every_event_reaches_every_subscriber_once_and_in_order()
    {
        var output = await BenchProgram.RunAsync("path", "--quick");

        var runs = BenchProgram.RunsIn(output);
        runs.Select(run => $"{Of(run, "Load", "Name")} {Of(run, "Who", "Way")} {Of(run, "Who", "Replicas")}").ShouldBe(
            ["delivery product 2", "delivery plain 2", "throughput product 2", "throughput plain 2", "second-replica product 2", "second-replica product 1"]);
        foreach (var delivery in runs.Where(run => $"{Of(run, "Who", "Way")}" == "product").Select(run => run.GetProperty("Delivery")).Where(d => d.ValueKind is not JsonValueKind.Null))
        {
            delivery.GetProperty("Arrived").GetInt64().ShouldBeGreaterThan(0);
            new[] { "Lost", "Doubled", "Disordered" }.ShouldAllBe(count => delivery.GetProperty(count).GetInt64() == 0);
        }

        output.ShouldContain("POST to delivery on the other replica, p50: ");
        output.ShouldContain("POST/s of 4 callers: ");
        output.ShouldContain("POST p50 at 200/s: ");
    }

    private static JsonElement Of(JsonElement run, string part, string member) => run.GetProperty(part).GetProperty(member);
}
