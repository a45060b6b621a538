namespace Modular.Bench.Tests;

/// <summary>The whole of it with few subscribers, over two generator processes.</summary>
public sealed class PushBenchTests
{
    [Fact]
    public async Task A_quick_run_measures_the_product_and_the_plain_way_and_every_event_reaches_every_subscriber_once()
    {
        var output = await BenchProgram.RunAsync("push", "--quick");

        var runs = BenchProgram.RunsIn(output);
        runs.Select(run => run.GetProperty("Way").GetString()).ShouldBe(["hub", "plain"]);
        foreach (var delivery in runs.Select(run => run.GetProperty("Delivery")))
        {
            delivery.GetProperty("Arrived").GetInt64().ShouldBeGreaterThan(20 * 50);
            new[] { "Lost", "Doubled", "Cut", "Unasked" }.ShouldAllBe(count => delivery.GetProperty(count).GetInt64() == 0);
        }

        runs[0].GetProperty("Delivery").GetProperty("Orders").GetInt32().ShouldBe(1);
        output.ShouldContain("| 20 | 50 | hub |");
    }
}
