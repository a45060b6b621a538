namespace Modular.Bench.Tests;

/// <summary>The whole of it with few sockets.</summary>
public sealed class SignInBenchTests
{
    [Fact]
    public async Task A_quick_run_counts_sign_ins_and_what_arrives_meanwhile()
    {
        var output = await BenchProgram.RunAsync("signin", "--quick");

        var runs = BenchProgram.RunsIn(output).ToList();
        runs.Select(run => run.GetProperty("AtOnce").GetInt32()).ShouldBe([0, 1]);
        runs[0].GetProperty("SignIns").GetProperty("All").GetInt32().ShouldBe(0);
        var signIns = runs[1].GetProperty("SignIns");
        signIns.GetProperty("All").GetInt32().ShouldBeGreaterThan(0);
        (signIns.GetProperty("All").GetInt32() + signIns.GetProperty("Busy").GetInt32()).ShouldBeGreaterThanOrEqualTo(4);
        foreach (var delivery in runs.Select(run => run.GetProperty("Delivery")))
        {
            delivery.GetProperty("Arrived").GetInt64().ShouldBeGreaterThan(0);
            new[] { "Lost", "Doubled", "Disordered" }.ShouldAllBe(count => delivery.GetProperty(count).GetInt64() == 0);
        }

        output.ShouldContain("| 20 | 10 | none |");
        output.ShouldContain("| 20 | 10 | 1 |");
    }
}
