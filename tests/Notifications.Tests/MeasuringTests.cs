using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>What the operator is shown happened, and nothing else.</summary>
public sealed class MeasuringTests
{
    private const string Name = "test/a";

    [Theory]
    [InlineData(6, "e1", "ring")]
    [InlineData(50, "e1", "log")]
    [InlineData(2, "e1", "nowhere")]
    [InlineData(390, "e0", "nowhere")]
    public async Task Whoever_goes_on_after_a_number_is_counted_by_where_it_came_from(long after, string epoch, string from)
    {
        await using var server = await LiveServer.StartAsync();
        server.Log.Append(Name, from == "ring" ? 8 : 400);
        server.Log.Trim(Name, 4);
        using var measured = new Measured(server.Services);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        Assert.Equal(0, measured.Sum("modular.notifications.catch_ups"));

        await client.SubscribeAsync(Name, after, epoch);

        Assert.Equal(1, measured.Sum("modular.notifications.catch_ups"));
        Assert.Equal(1, measured.Sum("modular.notifications.catch_ups", ("from", from)));
    }

    [Fact]
    public async Task Connections_and_subscriptions_come_and_go_and_those_the_door_refuses_are_counted()
    {
        await using var server = await LiveServer.StartAsync(mostSockets: 1);
        using var measured = new Measured(server.Services);
        await using (var client = await server.ConnectAsync())
        {
            await client.SubscribeAsync(Name);
            await Assert.ThrowsAnyAsync<Exception>(() => server.ConnectAsync());
            Assert.Equal(1, measured.Sum("modular.notifications.connections"));
            Assert.Equal(1, measured.Sum("modular.notifications.subscriptions"));
        }

        Assert.Equal(1, measured.Sum("modular.notifications.refused", ("reason", "too-many-sockets")));
        await Eventually.Is(() => measured.Sum("modular.notifications.connections") == 0 && measured.Sum("modular.notifications.subscriptions") == 0);
    }

    [Fact]
    public async Task A_subscription_that_is_closed_is_counted_by_its_reason()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var measured = new Measured(server.Services);
        var ann = Guid.NewGuid();
        await using var client = await server.ConnectAsync(ann);
        await client.SubscribeAsync(Name);
        server.Log.Denied[(Name, ann)] = true;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));

        await Eventually.Is(() => measured.Sum("modular.notifications.closed", ("reason", "members-only")) == 1);
    }

    [Fact]
    public async Task How_old_an_event_is_when_it_leaves_is_measured_once_a_frame_and_not_where_a_client_catches_up()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        server.Log.Append(Name, 900);
        using var measured = new Measured(server.Services);
        await using var client = await server.ConnectAsync();
        await using var late = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await late.SubscribeAsync(Name, after: 1);
        await Eventually.Is(() => late.Live(Name) is [.., 900]);
        await Eventually.Is(() => server.Sockets.All.All(c => c.Subscriptions.All(s => s.Cursor == 900)));
        var behind = measured.Values("modular.notifications.push_age").Count;

        server.Clock!.Advance(TimeSpan.FromSeconds(1.5));
        server.Sink.Deliver(server.Log.Append(Name, 20));

        await Eventually.Is(() => measured.Values("modular.notifications.push_age").Count == behind + 2);
        Assert.Equal([1.5, 1.5], measured.Values("modular.notifications.push_age").Skip(behind));
    }

    [Fact]
    public async Task How_many_events_leave_as_one_frame_is_measured_once_for_all_connections()
    {
        await using var server = await LiveServer.StartAsync();
        using var measured = new Measured(server.Services);
        await using var client = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        await other.SubscribeAsync(Name);

        server.Sink.Deliver(server.Log.Append(Name, 5));

        await Eventually.Is(() => client.Live(Name).Count == 5 && other.Live(Name).Count == 5);
        Assert.Equal([5.0], measured.Values("modular.notifications.frame_events"));
    }

    [Fact]
    public async Task A_gap_is_measured_from_its_finding_to_its_end_and_a_repeated_event_is_counted()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        using var measured = new Measured(server.Services);
        await using var client = await server.ConnectAsync();
        await client.SubscribeAsync(Name);
        var events = server.Log.Append(Name, 2);
        server.Log.Away = true;
        var reads = server.Log.Reads;
        server.Sink.Deliver([events[1]]);
        server.Clock!.Advance(TimeSpan.FromMilliseconds(50));
        await Eventually.Is(() => measured.Sum("modular.notifications.gaps_found") == 1);
        await Eventually.Is(() =>
        {
            server.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return server.Log.Reads >= reads + 2;            // so the first has failed
        });
        Assert.Empty(measured.Values("modular.notifications.gap_duration"));

        server.Log.Away = false;
        await Eventually.Is(() =>
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            return client.Live(Name).SequenceEqual([1L, 2L]);
        });

        await Eventually.Is(() => measured.Sum("modular.notifications.gaps_healed") == 1);
        Assert.True(Assert.Single(measured.Values("modular.notifications.gap_duration")) >= 0.1);
        server.Sink.Deliver(events);
        Assert.Equal(2, measured.Sum("modular.notifications.duplicates"));
    }
}
