using System.Text.Json;

namespace Modular.Bench.Tests;

/// <summary>The whole of it with little load.</summary>
public sealed class PostBenchTests
{
    [Fact]
    public async Task A_quick_run_asks_both_ways_in_a_closed_and_an_open_loop()
    {
        var output = await BenchProgram.RunAsync("post", "--quick");

        BenchProgram.RunsIn(output).Select(run => $"{run.GetProperty("Setting").GetProperty("Rate")} {run.GetProperty("Way")}").ShouldBe([" plain", " product", "50 plain", "50 product"]);
        BenchProgram.RunsIn(output).Where(run => run.GetProperty("Setting").GetProperty("Rate").ValueKind is JsonValueKind.Number)
            .ShouldAllBe(run => run.GetProperty("Latency").GetProperty("Count").GetInt32() >= 14);
        output.ShouldContain("| http | 1 | 4 callers | product |");
        output.ShouldContain("| http | 1 | 50/s | product |");
    }
}
