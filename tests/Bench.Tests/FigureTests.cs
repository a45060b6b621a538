using System.Diagnostics;
using System.Text.Json;
using Modular.Bench.Generating;
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
    public void Percentiles_are_those_of_all_processes_together()
    {
        var measured = new Window(0, long.MaxValue);
        var (one, other) = (new Latencies(), new Latencies());
        for (var n = 0; n < 100; n++)
            (n % 2 == 0 ? one : other).Add(0, n * Stopwatch.Frequency / 1000, measured);

        one.Add(JsonSerializer.Deserialize<Latencies>(JsonSerializer.Serialize(other))!.Counted);

        var spread = one.Spread();
        spread.Count.ShouldBe(100);
        spread.P50.ShouldBe(50, tolerance: 0.05);
        spread.P99.ShouldBe(99, tolerance: 0.1);
        spread.Max.ShouldBe(99, tolerance: 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(1_000_003)]
    [InlineData(90_000_000_001)]
    [InlineData(long.MaxValue)]
    public void A_length_is_kept_to_a_thousandth_and_never_made_longer(long ticks)
    {
        var one = new Latencies();
        one.Add(ticks);

        var kept = one.Spread().Max * Stopwatch.Frequency / 1000;

        kept.ShouldBeInRange(ticks * 0.999, ticks * (1 + 1e-12));
    }

    [Fact]
    public void A_closed_loop_counts_what_ended_in_the_measured_time_and_an_open_one_what_fell_due_in_it()
    {
        var measured = new Window(1000, 2000);
        var (closed, open) = (new Latencies(), new Latencies());
        foreach (var (began, ended) in new[] { (900L, 999L), (900, 1000), (1000, 1999), (1999, 4000), (2000, 4000) })
        {
            closed.Add(began, ended, measured);
            open.AddDue(began, ended, measured);
        }

        closed.Spread().Max.ShouldBe(999 * 1000.0 / Stopwatch.Frequency);
        closed.Spread().Count.ShouldBe(2);
        open.Spread().Max.ShouldBe(2001 * 1000.0 / Stopwatch.Frequency);
        open.Spread().Count.ShouldBe(2);
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

        var interval = Stopwatch.Frequency / 500;
        ((double)instants.Count).ShouldBe(((window.End - 1 - instants[0]) / interval) + 1, tolerance: 1);
        instants.ShouldBeInOrder();
        instants.ShouldAllBe(instant => instant < window.End);
    }

    [Fact]
    public async Task Who_begins_late_leaves_no_instant_of_the_window_out()
    {
        var now = Stopwatch.GetTimestamp();
        var window = new Window(now - (2 * Stopwatch.Frequency), now - Stopwatch.Frequency);

        var due = await Pacer.Start(rate: 100, window).ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        due.Count.ShouldBe(99);
        due.ShouldAllBe(instant => instant > window.Begin && instant < window.End);
    }

    [Theory]
    [InlineData(1.9, 29.9, false)]
    [InlineData(1.9, 30, true)]
    [InlineData(2, 0.24, false)]
    [InlineData(2, 0.25, true)]
    public void What_is_late_is_not_asked_any_more_in_a_measurement_and_nearly_always_in_a_smoke_run(double seconds, double late, bool isWellOver)
    {
        var window = new Window(0, (long)(seconds * Stopwatch.Frequency));

        window.IsWellOver(window.End + (long)(late * Stopwatch.Frequency)).ShouldBe(isWellOver);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(3, 2, false)]
    [InlineData(3, 3, true)]
    public void What_was_not_answered_or_not_stored_says_nothing(int answered, int stored, bool says)
    {
        var result = new LoadResult(new Spread(0, 0, 0, 0), 1, 0, new Dictionary<int, long> { [201] = answered }, null, 0, null);

        (Record.Exception(() => result.MustHaveStored(stored)) is null).ShouldBe(says);
    }
}
