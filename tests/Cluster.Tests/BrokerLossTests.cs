using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>A broker that is away costs time until others see and handle what was posted, and nothing else.</summary>
public sealed class BrokerLossTests(BrokerLossTests.OwnBroker own, ITestOutputHelper output) : IClassFixture<BrokerLossTests.OwnBroker>
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(45);
    private readonly BrokerProcess broker = own.Broker;
    private readonly Replicas replicas = own.Replicas;

    [Fact]
    public async Task A_broker_that_is_stopped_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.StopAsync();
        await Eventually.Is(async () => await replicas.UndeliveredAsync() > 0);
        await broker.StartAgainAsync();

        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_is_killed_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.CrashAsync();

        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_cannot_be_reached_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        foreach (var replica in replicas.All)
            replica.Link.Swallow();
        await LastsAsync();
        foreach (var replica in replicas.All)
            replica.Link.Release();

        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_for_lack_of_memory_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.RaiseMemoryAlarmAsync();
        await LastsAsync();
        await broker.ClearMemoryAlarmAsync();

        await RecoversAsync(crowd);
    }

    /// <summary>Longer than a publish is waited for.</summary>
    private async Task LastsAsync()
    {
        await Task.Delay(Outage);
        (await replicas.UndeliveredAsync()).ShouldBeGreaterThan(0, "the broker takes nothing");
    }

    private async Task RecoversAsync(Crowd crowd)
    {
        output.WriteLine((await crowd.CaughtUpAsync(Recovery)).ToString());
        await crowd.GoesOnAsync();
        await crowd.EndAsync();
        crowd.Slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5), "a post that waited for the broker would take as long as it was away");
        crowd.Everybody.Sum(p => p.Unavailable + p.Unanswered).ShouldBe(0);
        // Consumers may take half a minute to come back. Who comes last is taken for deaf meanwhile, but never both.
        crowd.Readiness.ShouldContain(r => r.Refusals.Count == 0, "one was ready all the time");
        crowd.Readiness.SelectMany(r => r.Refusals).ShouldAllBe(r => r.EndsWith("The message broker takes what this process publishes, but brings it nothing.", StringComparison.Ordinal));
    }

    /// <summary>A broker that may be taken away, and who lives on.</summary>
    public sealed class OwnBroker : IAsyncLifetime
    {
        internal BrokerProcess Broker { get; private set; } = null!;

        internal Replicas Replicas { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Broker = await BrokerProcess.StartAsync();
            Replicas = await Replicas.StartAsync(2, broker: Broker.Url);
        }

        public async ValueTask DisposeAsync()
        {
            await Replicas.StopAsync();
            await Replicas.DisposeAsync();
            await Broker.DisposeAsync();
        }
    }
}
