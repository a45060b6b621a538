using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class DatabaseAndBrokerLossTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_database_that_restarts_alone_and_together_with_the_broker_loses_and_repeats_nothing_on_two_replicas()
    {
        var (starting, alsoStarting) = (PostgresProcess.StartAsync(), BrokerProcess.StartAsync());
        await using var postgres = await starting;
        await using var broker = await alsoStarting;
        await using var replicas = await Replicas.StartAsync(2, postgres.ConnectionString, broker.Url, settings: HostProcess.AsDelivered);
        await using var crowd = await Crowd.StartAsync(replicas);

        await postgres.RestartAsync();
        output.WriteLine((await crowd.CaughtUpAsync(Timing.Recovery)).ToString());
        await crowd.GoesOnAsync();
        var refused = crowd.Everybody.Sum(p => p.Unavailable);

        await Task.WhenAll(postgres.StopAsync(), broker.StopAsync());
        await Eventually.Is(() => crowd.Everybody.Sum(p => p.Unavailable) > refused);
        await Task.WhenAll(postgres.StartAgainAsync(), broker.StartAgainAsync());
        output.WriteLine((await crowd.CaughtUpAsync(Timing.Recovery)).ToString());
        await crowd.GoesOnAsync();

        output.WriteLine($"{refused} answers 503, then {crowd.Everybody.Sum(p => p.Unavailable) - refused}");
        await crowd.EndAsync();
        crowd.Everybody.Sum(p => p.Unanswered).ShouldBe(0, "the hosts were there all the time");
        await replicas.StopAsync();
    }
}
