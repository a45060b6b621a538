namespace Modular.Bench.Tests;

/// <summary>The whole of it with few connections.</summary>
public sealed class IdleBenchTests
{
    [Fact]
    public async Task A_quick_run_fills_a_host_of_each_way_step_by_step_and_none_is_cut()
    {
        var output = await BenchProgram.RunAsync("idle", "--quick", "--ways", "hub-bare,ws");

        var runs = BenchProgram.RunsIn(output);
        runs.Select(run => run.GetProperty("Way").GetString()).ShouldBe(["hub-bare", "ws"]);
        foreach (var steps in runs.Select(run => run.GetProperty("Steps").EnumerateArray().ToArray()))
        {
            steps.Select(step => step.GetProperty("Connections").GetInt32()).ShouldBe([50, 100, 150]);
            steps[^1].GetProperty("Heap").GetInt64().ShouldBeGreaterThan(steps[0].GetProperty("Heap").GetInt64());
        }

        output.ShouldContain("| ws | 50, 100, 150 |");
    }
}
