using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Whatever the broker has or has not when it comes, the replicas make it what they need.</summary>
[Collection<OwnBroker>]
public sealed class BrokerSetupTests(OwnBroker own, ITestOutputHelper output)
{
    [Fact]
    public async Task A_broker_that_has_lost_its_data_is_set_up_anew_and_nothing_that_it_had_not_confirmed_is_lost()
    {
        var (broker, replicas) = (own.Broker, own.Replicas);
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.IsLiveAsync();
        await Eventually.Is(() => IsAllDoneAsync(replicas));

        await broker.StopAsync();
        await replicas.MakeRoomsAsync(3);
        (await replicas.UnhandledAsync()).ShouldBe(6);
        var back = broker.StartEmptyAsync();
        await replicas.MakeRoomsAsync(3);
        await back;
        await replicas.MakeRoomsAsync(3);

        await output.TookAsync("the other module has heard of all rooms", Eventually.Is(async () => await replicas.UnhandledAsync() == 0, Timing.Recovery));
        await output.TookAsync("the outbox is empty", Eventually.Is(async () => await replicas.UndeliveredAsync() == 0, Timing.Recovery));
        await output.TookAsync("live", quiet.IsLiveAsync());
        await quiet.EndAsync();
    }

    [Fact]
    public async Task Replicas_that_start_without_a_broker_serve_and_use_it_when_it_comes()
    {
        await using var replicas = await Replicas.StartAsync(2, brokerIsAway: true);
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.AskAsync(replicas.A, replicas.B);
        await replicas.MakeRoomsAsync(1);
        (await replicas.UnhandledAsync()).ShouldBe(3);

        foreach (var replica in replicas.All)
            replica.Link.AcceptNew();

        await output.TookAsync("live", quiet.IsLiveAsync());
        await output.TookAsync("handled", Eventually.Is(() => IsAllDoneAsync(replicas), Timing.Recovery));
        await quiet.EndAsync();
        await replicas.StopAsync();
    }

    private static async Task<bool> IsAllDoneAsync(Replicas replicas) => await replicas.UnhandledAsync() == 0 && await replicas.UndeliveredAsync() == 0;
}
