using Modular.Bench.Following;
using Modular.Bench.Measuring;
using Modular.Bench.Push;

namespace Modular.Bench.Tests;

public sealed class PushReportTests
{
    private static readonly PushLoad Few = new(1000, 50);

    [Fact]
    public void A_way_is_held_against_the_plain_one_of_the_same_load_by_the_medians()
    {
        var lines = PushReport.Lines(
        [
            Run("hub", Few, p50: 4), Run("plain", Few, p50: 8), Run("hub", Few, p50: 5), Run("plain", Few, p50: 10), Run("hub", Few, p50: 60), Run("plain", Few, p50: 90),
            Run("plain", Few with { Rate = 200 }, p50: 1),
        ]).ToArray();

        lines[2].ShouldStartWith("| 1000 | 50 | hub |");
        lines[2].ShouldContain("| 5.0 (4.0–60.0) |");
        lines[2].ShouldContain("| 0.50 | 0.50 |");
        lines[2].ShouldEndWith("| pass |");
    }

    [Fact]
    public void Every_row_has_a_cell_for_each_column() =>
        PushReport.Lines([Run("hub", Few), Run("plain", Few), Run("ws", new PushLoad(10, 7))]).Select(line => line.Count(c => c == '|')).Distinct().Count().ShouldBe(1);

    [Fact]
    public void What_was_cut_says_why() =>
        PushReport.Lines([Run("hub", Few, delivery: Whole with { Cut = 1, WhyCut = "too slow" })]).ShouldContain("Cut: too slow");

    [Theory]
    [InlineData(50, 11, 20, 10, 20, "p50 <= plain")]
    [InlineData(50, 10, 21, 10, 20, "p99 <= plain")]
    [InlineData(50, 10, 20, 10, 20, "")]
    [InlineData(200, 31, 400, 1, 1, "p50 <= 30 ms")]
    [InlineData(200, 30, 400, 1, 1, "")]
    [InlineData(500, 61, 201, 1, 1, "p50 <= 60 ms, p99 <= 200 ms")]
    [InlineData(500, 60, 200, 1, 1, "")]
    [InlineData(100, 999, 999, 1, 1, "")]
    public void Each_rate_has_its_gates(double rate, double p50, double p99, double plainP50, double plainP99, string missed) =>
        Missed([Run("hub", new PushLoad(1000, rate), p50, p99), Run("plain", new PushLoad(1000, rate), plainP50, plainP99)]).ShouldBe(missed);

    [Fact]
    public void Other_numbers_of_subscribers_have_no_times_to_hold() =>
        Missed([Run("hub", new PushLoad(999, 500), 9999, 9999)]).ShouldBe("");

    [Fact]
    public void Nothing_lost_doubled_swapped_cut_or_unasked_is_a_gate_of_every_load_and_one_order_is_too()
    {
        foreach (var broken in new[] { Whole with { Lost = 1 }, Whole with { Doubled = 1 }, Whole with { Disordered = 1 }, Whole with { Cut = 1 }, Whole with { Orders = 2 } })
            Missed([Run("ws", Few), Run("ws", Few, delivery: broken)]).ShouldBe("each once, in one order");
        Missed([Run("ws", Few, delivery: Whole with { Unasked = 1 })]).ShouldBe("all asked");
    }

    [Fact]
    public void Where_nothing_was_measured_no_gate_holds() => Missed([Run("hub", new PushLoad(1000, 200), double.NaN, double.NaN)]).ShouldBe("p50 <= 30 ms");

    private static Delivery Whole => new(new Spread(100, 1, 1, 1), 100, 0, 0, 0, 0, 1, 0, null);

    private static string Missed(PushRun[] runs) => string.Join(", ", PushGates.Of(runs).Where(g => !g.Holds).Select(g => g.Sentence));

    private static PushRun Run(string way, PushLoad load, double p50 = 1, double? p99 = null, Delivery? delivery = null) => new(
        way, load, 1, 5, load.Rate, new Spread(100, 1, 2, 3), (delivery ?? Whole) with { Latency = new Spread(100, p50, p99 ?? p50, p50) }, 1, 1, 1, null, 200, 10);
}
