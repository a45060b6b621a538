using Modular.Kernel.Messaging;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Tests;

public sealed class SequencerTests
{
    private readonly FakeLog log = new();
    private readonly Sequencer order = new(() => { });

    [Fact]
    public void Keeps_order_and_drops_duplicates()
    {
        order.Start(Page(0));
        foreach (var happened in log.Append("test/a", 3))
        {
            order.Take(Entry.Of(happened));
            order.Take(Entry.Of(happened));
        }

        Assert.Equal(3, order.Head);
        Assert.Equal(3, order.Ring.Count);
        Assert.False(order.Gapped);
    }

    [Fact]
    public void Holds_what_comes_too_early_until_the_hole_is_filled()
    {
        order.Start(Page(0));
        var events = log.Append("test/a", 4);
        order.Take(Entry.Of(events[0]));
        order.Take(Entry.Of(events[3]));
        order.Take(Entry.Of(events[2]));
        Assert.True(order.Gapped);
        Assert.Equal(1, order.Head);

        order.Take(Entry.Of(events[1]));

        Assert.False(order.Gapped);
        Assert.Equal(4, order.Head);
    }

    [Fact]
    public void Events_delivered_before_the_log_was_read_are_not_lost_and_not_doubled()
    {
        var events = log.Append("test/a", 3);
        var page = Page(0);
        order.Take(Entry.Of(events[2]));
        order.Take(Entry.Of(log.Append("test/a")));

        order.Start(page);

        Assert.Equal(4, order.Head);
        Assert.Equal(4, order.Ring.Count);
    }

    [Fact]
    public void A_hole_is_filled_from_the_log()
    {
        order.Start(Page(0));
        var events = log.Append("test/a", 3);
        order.Take(Entry.Of(events[2]));

        Assert.True(order.Heal(0, Page(0)));

        Assert.Equal(3, order.Head);
        Assert.False(order.Gapped);
    }

    [Fact]
    public void A_trimmed_log_or_another_epoch_cannot_heal()
    {
        order.Start(Page(0));
        log.Append("test/a", 5);
        log.Trim("test/a", 2);
        Assert.False(order.Heal(0, Page(0)));

        log.Trim("test/a", 0);
        log.Epoch = "other";
        Assert.False(order.Heal(0, Page(0)));
    }

    [Fact]
    public void Holds_a_bounded_number_and_still_knows_what_exists()
    {
        order.Start(Page(0));
        foreach (var happened in log.Append("test/a", 5_000).Skip(1))
            order.Take(Entry.Of(happened));
        Assert.Equal(5_000, order.Known);

        while (order.Gapped)
            Assert.True(order.Heal(order.Head, Page(order.Head)));

        Assert.Equal(5_000, order.Head);
        Assert.Equal(4_701, order.Ring.First);
    }

    [Fact]
    public void The_ring_keeps_the_last_three_hundred()
    {
        order.Start(Page(0));
        foreach (var happened in log.Append("test/a", 1_000))
            order.Take(Entry.Of(happened));

        Assert.Equal(701, order.Ring.First);
        Assert.Equal([701, 850, 1_000], new long[] { 701, 850, 1_000 }.Select(seq => order.Ring[seq].Seq));
    }

    [Fact]
    public void What_was_read_before_it_was_redacted_is_redacted_by_the_event_that_says_so_in_the_same_tail()
    {
        var events = log.Append("test/a", 3);
        var gone = events[0].Subject;

        order.Start(Page(0) with { Events = [events[0], events[1], events[2] with { Subject = gone, Redacts = gone }] });

        Assert.Equal($$"""{"id":"{{gone}}"}""", System.Text.Encoding.UTF8.GetString(order.Ring[1].Data));
        Assert.NotEqual($$"""{"id":"{{gone}}"}""", System.Text.Encoding.UTF8.GetString(order.Ring[3].Data));
    }

    private StreamPage Page(long after) => log.Page("test/a", after, 300);
}
