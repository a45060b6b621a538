namespace Modular.Bench.Tests;

/// <summary>The whole of it with few sockets.</summary>
public sealed class StormBenchTests
{
    [Fact]
    public async Task After_a_quick_storm_all_are_back_and_have_each_event_once()
    {
        var output = await BenchProgram.RunAsync("storm", "--quick");

        var run = BenchProgram.RunsIn(output).ShouldHaveSingleItem();
        run.GetProperty("CaughtUp").GetProperty("Count").GetInt32().ShouldBe(100);
        new[] { "Away", "NotRecovered" }.ShouldAllBe(count => run.GetProperty(count).GetInt32() == 0);
        new[] { "Lost", "Doubled", "Disordered" }.ShouldAllBe(count => run.GetProperty("Delivery").GetProperty(count).GetInt64() == 0);
        output.ShouldContain("| 100 | 0.5 |");
    }
}
