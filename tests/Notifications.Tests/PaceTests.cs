using Modular.Notifications.Streams;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PaceTests
{
    /// <summary>So many that one fan-out is worth 30 ms, however many processors there are.</summary>
    private static readonly int Many = 1_000 * Environment.ProcessorCount;

    private readonly ManualClock clock = new();
    private readonly Pace pace;
    private int due;

    public PaceTests() => pace = new Pace(clock, () => due++);

    [Fact]
    public void Few_followers_never_wait()
    {
        for (var i = 0; i < 1_000; i++)
            Assert.True(pace.MayBegin(10));
    }

    [Fact]
    public void A_few_may_come_close_together_and_the_next_is_told_when_it_is_time()
    {
        for (var i = 0; i < 3; i++)
            Assert.True(pace.MayBegin(Many));
        Assert.False(pace.MayBegin(Many));
        Assert.False(pace.MayBegin(Many));

        clock.Advance(TimeSpan.FromMilliseconds(29));
        Assert.Equal(0, due);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, due);
        Assert.True(pace.MayBegin(Many));
        Assert.False(pace.MayBegin(Many));
    }

    [Fact]
    public void Those_that_come_no_faster_than_they_can_be_sent_never_wait_and_an_early_one_neither()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.True(pace.MayBegin(Many));
            clock.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 20 : 40));
        }

        Assert.Equal(0, due);
    }

    [Fact]
    public void A_long_rest_saves_up_nothing()
    {
        clock.Advance(TimeSpan.FromHours(1));
        var begun = 0;
        while (pace.MayBegin(Many))
            begun++;
        Assert.Equal(3, begun);
    }
}
