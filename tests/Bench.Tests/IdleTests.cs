using Modular.Bench.Idle;
using Modular.Bench.Measuring;

namespace Modular.Bench.Tests;

public sealed class IdleTests
{
    private const int Kilobyte = 1024;

    [Fact]
    public void A_slope_leaves_out_what_is_there_without_connections_and_evens_out_what_wavers()
    {
        Slope.Of([(5, 105), (10, 110), (15, 115)]).ShouldBe(1, tolerance: 1e-12);
        Slope.Of([(0, 0), (1, 3), (2, 2)]).ShouldBe(1, tolerance: 1e-12);
    }

    [Theory]
    [InlineData("hub", 40, true)]
    [InlineData("hub", 41, false)]
    [InlineData("ws", 20, true)]
    [InlineData("ws", 21, false)]
    [InlineData("plain", 100, true)]
    public void A_connection_may_take_so_many_kilobytes_above_what_the_host_takes_anyway(string way, int each, bool holds) =>
        IdleReport.Holds(Run(way, each)).ShouldBe(holds);

    [Fact]
    public void The_table_says_what_a_connection_takes_and_whether_that_is_too_much()
    {
        var lines = IdleReport.Lines([Run("hub", 41), Run("plain", 50)]).ToArray();

        lines[2].ShouldContain("| hub | 5000, 10000, 15000 |");
        lines[2].ShouldContain("| 41.0 |");
        lines[2].ShouldEndWith("| MISSED |");
        lines.Select(line => line.Count(c => c == '|')).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Memory_has_settled_when_it_has_stayed_for_a_while()
    {
        List<long> rising = [.. Enumerable.Range(0, 20).Select(n => n * 1_000_000L)];

        IdleHost.IsSteady(rising).ShouldBeFalse();
        IdleHost.IsSteady([.. Enumerable.Repeat(5L, 7)]).ShouldBeFalse();
        IdleHost.IsSteady([.. rising, .. Enumerable.Repeat(19_000_000L, 7)]).ShouldBeTrue();
    }

    private static IdleRun Run(string way, int each) => new(
        way, new IdleStep(0, 1, 1, 1), [.. new[] { 5000, 10_000, 15_000 }.Select(n => new IdleStep(n, 200_000_000 + ((long)n * each * Kilobyte), n, n))], 10, 1, 0.5, null, 30);
}
