using Modular.Bench.EventPath;
using Modular.Bench.Following;
using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Tests;

public sealed class ReportTests
{
    private static readonly Load Delivering = new(PathBench.Delivery, 200, 64, 100);
    private static readonly Contestant Product = new(Ways.Product, 2);
    private static readonly Contestant Plain = new(Ways.Plain, 2);

    [Fact]
    public void A_ratio_is_of_the_medians_of_both_ways()
    {
        string[] lines =
        [
            .. PathReport.Lines(
            [
                Run(Delivering, Product, 1, delivered: 2), Run(Delivering, Plain, 1, delivered: 8),
                Run(Delivering, Product, 2, delivered: 3), Run(Delivering, Plain, 2, delivered: 6),
                Run(Delivering, Product, 3, delivered: 30), Run(Delivering, Plain, 3, delivered: 5),
            ]),
        ];

        lines.ShouldContain("POST to delivery on the other replica, p50: 3 ms with two replicas, 6 ms the plain way, ratio 0.50");
    }

    [Fact]
    public void What_was_lost_in_any_round_is_told()
    {
        var clean = Run(Delivering, Product, 1, delivered: 2);
        var bad = clean with { Round = 2, Delivery = clean.Delivery! with { Arrived = 95, Lost = 5, Doubled = 2, Disordered = 1 } };

        PathReport.Lines([clean, bad]).ShouldContain(line => line.Contains("| 5, 2, 1 of 200 |", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_replica_is_held_against_one_alone()
    {
        var load = new Load(PathBench.SecondReplica, 5000, 64, 0);

        PathReport.Lines([Run(load, Product, 1, posted: 2.2), Run(load, new Contestant(Ways.Product, 1), 1, posted: 2)])
            .ShouldContain("POST p50 at 5000/s: 2.2 ms with two replicas, 2 ms alone, ratio 1.10");
    }

    [Fact]
    public void One_way_alone_has_no_ratio() =>
        PathReport.Lines([Run(Delivering, Product, 1)]).Count().ShouldBe(3);

    [Fact]
    public void Every_row_has_a_cell_for_each_column()
    {
        var lines = PathReport.Lines([Run(Delivering, Product, 1), Run(Delivering, Plain, 1), Run(Delivering, new Contestant(Ways.Product, 1), 1)]).Where(line => line.StartsWith('|')).ToArray();

        lines.Length.ShouldBe(5);
        lines.Select(line => line.Count(c => c == '|')).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void What_nobody_measured_used_is_the_rest_of_the_machine()
    {
        var began = new Usage([Host(10, 1)], 5, 6, 100);
        var ended = new Usage([Host(12, 3)], 6, 6.5, 110);

        var run = ended.Since(began, Delivering, Product, 1, new LoadResult(new Spread(40, 1, 2, 3), 4, 10, [], null, 0.25, null));

        run.Others!.Value.ShouldBe(10 - 2 - 1 - 0.5 - 0.25, tolerance: 1e-9);
        run.EventsAMessage.ShouldBe(5);
        run.Messages.ShouldBe(2);
        run.Rate.ShouldBe(10);
    }

    private static HostGauges Host(double processor, long messages) => new(0, 0, messages * 5, messages, processor, 0, 0, 0);

    private static PathRun Run(Load load, Contestant who, int round, double posted = 1, double delivered = 1) => new(
        load, who, round, 2, 50, new Spread(100, posted, posted, posted), load.Subscribers == 0 ? null : new Delivery(new Spread(100, delivered, delivered, delivered), 100, 0, 0, 0, 0, 1, 0, null),
        3, 10, 10, [.. Enumerable.Repeat(1.0, who.Replicas)], 1, 1, 0.1, 0, [.. Enumerable.Repeat(100.0, who.Replicas)]);
}
