using Modular.Kernel.Messaging.Signals;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Signals;

public sealed class SignalRelayTests
{
    [Fact]
    public async Task Of_more_than_a_thousand_that_wait_the_oldest_go_and_are_counted()
    {
        await using var host = await SignalHost.StartAsync();
        host.Broker.Held = new TaskCompletionSource();
        host.Send("first");
        await Eventually.Is(() => host.Broker.Calls == 1);

        for (var i = 0; i < SignalRelay.MostQueued + 10; i++)
            host.Send(i.ToString());
        Assert.Equal(10, host.Lost);
        host.Broker.Held.SetResult();

        await Eventually.Is(() => host.Broker.Published.Count == SignalRelay.MostQueued + 1);
        Assert.Equal(["first", "10"], host.Broker.Types.Take(2));
        Assert.Equal("1009", host.Broker.Types[^1]);
    }

    [Fact]
    public async Task What_queues_while_a_batch_is_on_its_way_leaves_as_the_next_one()
    {
        await using var host = await SignalHost.StartAsync();
        host.Broker.Held = new TaskCompletionSource();
        host.Send("first");
        await Eventually.Is(() => host.Broker.Calls == 1);
        for (var i = 0; i < 50; i++)
            host.Send(i.ToString());

        host.Broker.Held.SetResult();

        await Eventually.Is(() => host.Broker.Published.Count == 51);
        Assert.Equal(2, host.Broker.Calls);
    }

    [Fact]
    public async Task What_has_waited_for_a_broker_that_was_away_is_not_sent_late()
    {
        await using var host = await SignalHost.StartAsync();
        host.Broker.Held = new TaskCompletionSource();
        host.Send("stuck");
        await Eventually.Is(() => host.Broker.Calls == 1);
        host.Send("waiting");
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Is(() => host.Lost == 2);
        host.Broker.Held = null;

        host.Send("new");

        await Eventually.Is(() => host.Broker.Published.Count > 0);
        Assert.Equal(["new"], host.Broker.Types);
    }

    [Fact]
    public async Task A_broker_that_fails_loses_a_batch_and_takes_the_next()
    {
        await using var host = await SignalHost.StartAsync();
        host.Broker.Fails = true;
        host.Send("lost");
        await Eventually.Is(() => host.Lost == 1);
        host.Broker.Fails = false;

        host.Send("sent");

        await Eventually.Is(() => host.Broker.Types.SequenceEqual(["sent"]));
    }
}
