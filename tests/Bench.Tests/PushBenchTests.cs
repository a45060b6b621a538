namespace Modular.Bench.Tests;

/// <summary>The whole of it with few subscribers, over two generator processes.</summary>
public sealed class PushBenchTests
{
    [Fact]
    public async Task A_quick_run_measures_the_product_and_the_plain_way_and_every_event_reaches_every_subscriber_once()
    {
        var output = await BenchProgram.RunAsync("push", "--quick");

        var runs = BenchProgram.RunsIn(output);
        runs.Select(run => run.GetProperty("Way").GetString()).ShouldBe(["hub", "ws", "sse", "plain"]);
        foreach (var delivery in runs.Select(run => run.GetProperty("Delivery")))
        {
            delivery.GetProperty("Arrived").GetInt64().ShouldBeGreaterThan(0);
            new[] { "Lost", "Doubled", "Cut" }.ShouldAllBe(count => delivery.GetProperty(count).GetInt64() == 0);
        }

        runs.Take(3).ShouldAllBe(run => run.GetProperty("Delivery").GetProperty("Orders").GetInt32() == 1);
        output.ShouldContain("| 20 | 20 | hub |");
    }
}
