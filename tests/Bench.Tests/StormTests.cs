using Modular.Bench.Following;
using Modular.Bench.Measuring;
using Modular.Bench.Storms;

namespace Modular.Bench.Tests;

public sealed class StormTests
{
    [Fact]
    public void A_storm_is_weathered_when_all_are_back_in_time_with_everything_and_Postgres_hardly_notices() =>
        StormReport.Missed([Run(), Run()]).ShouldBeEmpty();

    [Theory]
    [InlineData(4999, 19.9, "")]
    [InlineData(5000, 19.9, "p99 < 5 s")]
    [InlineData(4999, 20, "transactions < 2 times normal")]
    public void Time_and_transactions_have_their_gates(double p99, double transactions, string missed) =>
        string.Join(", ", StormReport.Missed([Run(p99, transactions)])).ShouldBe(missed);

    [Fact]
    public void Whoever_stays_away_or_misses_or_sees_something_twice_is_told()
    {
        foreach (var bad in new[] { Run() with { Away = 1 }, Run() with { NotRecovered = 1 }, With(d => d with { Lost = 1 }), With(d => d with { Doubled = 1 }), With(d => d with { Orders = 2 }) })
            StormReport.Missed([Run(), bad]).ShouldBe(["all back with each event once, in one order"]);
    }

    [Fact]
    public void The_table_has_a_cell_for_each_column_and_says_why_tries_failed()
    {
        var lines = StormReport.Lines([Run() with { Failures = 3, WhyFailed = "503" }]).ToArray();

        lines.Take(3).Select(line => line.Count(c => c == '|')).Distinct().Count().ShouldBe(1);
        lines[^1].ShouldBe("Failed: 503");
    }

    private static StormRun With(Func<Delivery, Delivery> change) => Run() with { Delivery = change(Run().Delivery) };

    private static StormRun Run(double p99 = 100, double transactions = 10) => new(
        15_000, 10, 10, 1, new Spread(15_000, 10, p99, p99), 0, 0, 0, null, new Delivery(new Spread(100, 1, 1, 1), 100, 0, 0, 0, 0, 1, 0, null),
        new StormPhase(20, 10, 0.5, 0.1), new StormPhase(12, transactions, 1, 0.1), transactions, 500, 600);
}
