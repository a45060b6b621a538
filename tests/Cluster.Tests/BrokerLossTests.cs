using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>A broker that is away costs time until others see and handle what was posted, and nothing else.</summary>
public sealed class BrokerLossTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_broker_that_is_stopped_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.StopAsync();
        await LastsAsync(replicas);
        await broker.StartAgainAsync();

        await RecoversAsync(crowd);
        await replicas.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_is_killed_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.CrashAsync();

        await RecoversAsync(crowd);
        await replicas.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_cannot_be_reached_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var replicas = await Replicas.StartAsync(2);
        await using var crowd = await Crowd.StartAsync(replicas);

        foreach (var replica in replicas.All)
            replica.Link.Swallow();
        await LastsAsync(replicas);
        foreach (var replica in replicas.All)
            replica.Link.Release();

        await RecoversAsync(crowd);
        await replicas.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_for_lack_of_memory_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.RaiseMemoryAlarmAsync();
        await LastsAsync(replicas);
        await broker.ClearMemoryAlarmAsync();

        await RecoversAsync(crowd);
        await replicas.StopAsync();
    }

    private static async Task LastsAsync(Replicas replicas)
    {
        await Task.Delay(Outage);
        (await replicas.UndeliveredAsync()).ShouldBeGreaterThan(0, "the broker takes nothing");
    }

    private async Task RecoversAsync(Crowd crowd)
    {
        output.WriteLine((await crowd.CaughtUpAsync(Recovery)).ToString());
        await crowd.GoesOnAsync();
        await crowd.EndAsync();
        crowd.Slowest.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        crowd.Everybody.Sum(p => p.Unavailable + p.Unanswered).ShouldBe(0);
        crowd.Readiness.SelectMany(r => r.Refusals).ShouldBeEmpty();
    }
}
