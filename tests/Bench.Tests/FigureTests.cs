using System.Diagnostics;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Tests;

public sealed class FigureTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, "3.0")]
    [InlineData(new[] { 9.0, 1, 2 }, "2.0 (1.0–9.0)")]
    [InlineData(new[] { 4.0, 1, 2, 9 }, "3.0 (1.0–9.0)")]
    [InlineData(new[] { 4.0, double.NaN, 2 }, "")]
    [InlineData(new double[0], "")]
    public void Rounds_come_to_their_median_with_the_least_and_the_most(double[] values, string text) =>
        Figures.Of(values).Text("0.0").ShouldBe(text);

    [Fact]
    public void Percentiles_are_those_of_all_callers_together()
    {
        var measured = new Window(0, long.MaxValue);
        var (one, other) = (new Latencies(), new Latencies());
        for (var n = 0; n < 100; n++)
            (n % 2 == 0 ? one : other).Add(0, n * Stopwatch.Frequency / 1000, measured);

        Latencies.Of([one, other]).ShouldBe(new Spread(100, 50, 99, 99));
    }

    [Fact]
    public void A_closed_loop_counts_what_ended_in_the_measured_time_and_an_open_one_what_fell_due_in_it()
    {
        var measured = new Window(1000, 2000);
        var (closed, open) = (new Latencies(), new Latencies());
        foreach (var (began, ended) in new[] { (900L, 999L), (900, 1000), (1000, 1999), (1999, 5000), (2000, 5000) })
        {
            closed.Add(began, ended, measured);
            open.AddDue(began, ended, measured);
        }

        Latencies.Of([closed]).Max.ShouldBe(999 * 1000.0 / Stopwatch.Frequency);
        Latencies.Of([closed]).Count.ShouldBe(2);
        Latencies.Of([open]).Max.ShouldBe(3001 * 1000.0 / Stopwatch.Frequency);
        Latencies.Of([open]).Count.ShouldBe(2);
    }

    [Fact]
    public void Rounding_does_not_slow_an_open_loop_down() =>
        Pacer.Due(began: 1000, interval: 1000 / 3.0, n: 3_000_000).ShouldBe(1000 + 1_000_000_000);

    [Fact]
    public async Task An_open_loop_goes_on_whether_or_not_anybody_takes_what_falls_due()
    {
        var window = Window.After(ramp: 0, seconds: 0.2);

        var due = Pacer.Start(rate: 500, window);
        await window.EndedAsync();
        var instants = new List<long>();
        await foreach (var instant in due.ReadAllAsync(TestContext.Current.CancellationToken))
            instants.Add(instant);

        instants.Count.ShouldBeInRange(98, 100);
        instants.ShouldBeInOrder();
        instants.ShouldAllBe(instant => instant < window.End);
    }
}
