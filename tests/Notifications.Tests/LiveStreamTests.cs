using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;
using Modular.Notifications.Streams;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>Streams with time in hand; a subscription without a connection is enough here.</summary>
public sealed class LiveStreamTests
{
    private const string Name = "test/a";
    private readonly FakeLog log = new();
    private readonly ManualClock clock = new();
    private readonly LiveStreams streams;

    public LiveStreamTests()
    {
        var meters = new ServiceCollection().AddMetrics().AddSingleton<Meters>().BuildServiceProvider().GetRequiredService<Meters>();
        streams = new LiveStreams(new Lazy<IStreams>(log), clock, meters, NullLogger<LiveStreams>.Instance);
    }

    [Fact]
    public async Task A_hole_is_healed_from_the_log_after_fifty_milliseconds_and_not_before()
    {
        var stream = await OpenAsync();
        log.Append(Name);
        streams.Deliver([log.Append(Name)]);
        var reads = log.Reads;
        clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(reads, log.Reads);
        Assert.Equal(0, stream.Head);

        clock.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.Is(() => stream.Head == 2);
    }

    [Fact]
    public async Task A_hole_that_closes_by_itself_costs_no_query()
    {
        var stream = await OpenAsync();
        var (first, second) = (log.Append(Name), log.Append(Name));
        streams.Deliver([second, first]);
        var reads = log.Reads;

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, stream.Head);
        Assert.Equal(reads, log.Reads);
    }

    [Fact]
    public async Task The_database_being_away_is_waited_out_without_a_resync()
    {
        var stream = await OpenAsync();
        log.Append(Name);
        log.Away = true;
        streams.Deliver([log.Append(Name)]);
        var reads = log.Reads;
        await Eventually.Is(() => Passing() && log.Reads >= reads + 3);
        Assert.Equal(0, stream.Head);

        log.Away = false;

        await Eventually.Is(() => Passing() && stream.Head == 2);
        Assert.Contains(stream, streams.Followed);
    }

    [Fact]
    public async Task A_hole_that_the_log_has_trimmed_ends_the_stream()
    {
        var stream = await OpenAsync();
        log.Append(Name, 5);
        streams.Deliver([log.Append(Name)]);
        log.Trim(Name, 3);

        await Eventually.Is(() => Passing() && !streams.Followed.Contains(stream));
    }

    [Fact]
    public async Task Several_holes_are_one_query()
    {
        foreach (var name in new[] { Name, "test/b", "test/c" })
            await OpenAsync(name);
        var late = new List<StreamEvent>();
        foreach (var name in new[] { Name, "test/b", "test/c" })
        {
            log.Append(name);
            late.Add(log.Append(name));
        }

        log.Held = new TaskCompletionSource();
        streams.Deliver([late[0]]);
        clock.Advance(TimeSpan.FromMilliseconds(60));
        var reads = log.Reads;
        streams.Deliver([late[1], late[2]]);
        clock.Advance(TimeSpan.FromMilliseconds(60));
        log.Held.SetResult();

        await Eventually.Is(() => streams.Followed.All(s => s.Head == 2));
        Assert.True(log.Reads <= reads + 2, $"{log.Reads - reads} queries");
    }

    [Fact]
    public async Task When_every_stream_has_a_hole_they_are_healed_a_hundred_at_a_time()
    {
        var names = Enumerable.Range(0, 250).Select(i => $"test/{i}").ToList();
        foreach (var name in names)
            await OpenAsync(name);
        foreach (var name in names)
            log.Append(name);
        var reads = log.Reads;
        log.Held = new TaskCompletionSource();               // the first query, which may be about a few, until all have been found

        streams.Deliver([.. names.Select(name => log.Append(name))]);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        log.Held.SetResult();

        await Eventually.Is(() => streams.Followed.All(s => s.Head == 2));
        Assert.InRange(log.Reads - reads, 3, 4);
        Assert.Equal(100, log.MostAtOnce);
    }

    [Fact]
    public async Task A_stream_begins_with_the_tail_of_the_log_in_its_ring()
    {
        log.Append(Name, 1_000);
        var stream = await OpenAsync();

        Assert.Equal(1_000, stream.Head);
        Assert.True(stream.TryRead(700, out var events, out _));
        Assert.Equal((300, 1_000), (events.Length, events[^1].Seq));
        Assert.False(stream.TryRead(699, out _, out _));
    }

    [Fact]
    public async Task A_stream_of_big_events_begins_at_its_head_too_though_pages_of_the_log_hold_few()
    {
        log.Append(Name, 1_000);
        log.MostAPage = 40;

        var stream = await OpenAsync();

        Assert.Equal((1_000, false), (stream.Head, stream.Gapped));
        Assert.True(stream.TryRead(700, out var events, out _));
        Assert.Equal(300, events.Length);
    }

    [Fact]
    public async Task Many_who_open_at_once_read_the_log_once()
    {
        log.Append(Name, 10);
        log.Held = new TaskCompletionSource();
        var stream = Follow(Name);
        var opening = Enumerable.Range(0, 50).Select(_ => stream.OpenAsync(log, CancellationToken.None)).ToArray();
        log.Held.SetResult();
        await Task.WhenAll(opening);

        Assert.Equal(2, log.Reads);
    }

    [Fact]
    public async Task Only_what_can_be_shown_wakes_the_followers()
    {
        var stream = await OpenAsync();
        var events = log.Append(Name, 3);

        Assert.True(stream.Take(events[0]));
        Assert.False(stream.Take(events[0]));
        Assert.False(stream.Take(events[2]));
        Assert.True(stream.Take(events[1]));
        Assert.False(stream.Take(events[2]));
    }

    [Fact]
    public async Task Connections_at_the_same_place_share_a_frame()
    {
        var stream = await OpenAsync();
        streams.Deliver(log.Append(Name, 3));
        await Eventually.Is(() => stream.HasMore(0));

        Assert.Same(stream.Next(0, out _), stream.Next(0, out _));
        var format = new HubFormat();
        Assert.Same(stream.Next(0, out _)!.As(format), stream.Next(0, out _)!.As(format));
        Assert.NotSame(stream.Next(0, out _), stream.Next(1, out _));
    }

    [Fact]
    public async Task A_ring_is_kept_for_a_minute_after_the_last_follower()
    {
        var stream = await OpenAsync();
        clock.Advance(TimeSpan.FromSeconds(59));
        streams.DropUnused();
        Assert.Contains(stream, streams.Followed);

        clock.Advance(TimeSpan.FromSeconds(1));
        streams.DropUnused();

        Assert.Empty(streams.Followed);
    }

    [Fact]
    public async Task Frames_stay_small_enough_to_send()
    {
        var stream = await OpenAsync();
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        streams.Deliver([.. Enumerable.Range(0, 20).Select(_ => log.Append(Name, data: big))]);
        await Eventually.Is(() => stream.HasMore(0));

        Assert.Equal(8, stream.Next(0, out _)!.To);
    }

    private bool Passing()
    {
        clock.Advance(TimeSpan.FromMilliseconds(50));
        return true;
    }

    private async Task<LiveStream> OpenAsync(string name = Name)
    {
        var stream = Follow(name);
        await stream.OpenAsync(log, CancellationToken.None);
        return stream;
    }

    /// <summary>As one who has followed and left: the stream stays for a minute.</summary>
    private LiveStream Follow(string name)
    {
        var stream = streams.Follow(name, s => new Sockets.Subscription(null!, s), out var follower);
        stream.Unfollow(follower);
        return stream;
    }
}
