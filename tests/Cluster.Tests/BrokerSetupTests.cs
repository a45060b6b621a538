using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Whatever the broker has or has not when it comes, the replicas make it what they need.</summary>
public sealed class BrokerSetupTests(ITestOutputHelper output)
{
    private static readonly TimeSpan HealedFromTheLog = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_broker_that_has_lost_its_data_is_set_up_anew_and_nothing_that_it_had_not_confirmed_is_lost()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.IsLiveAsync(Recovery);
        await Eventually.Is(async () => await replicas.UndeliveredAsync() == 0 && await replicas.UnhandledAsync() == 0);

        await broker.StopAsync();
        await replicas.MakeRoomsAsync(3);
        (await replicas.UnhandledAsync()).ShouldBe(6);
        var back = broker.StartEmptyAsync();
        await replicas.MakeRoomsAsync(3);
        await back;
        await replicas.MakeRoomsAsync(3);

        await output.TookAsync("the other module has heard of all rooms", Eventually.Is(async () => await replicas.UnhandledAsync() == 0, Recovery));
        await output.TookAsync("the outbox is empty", Eventually.Is(async () => await replicas.UndeliveredAsync() == 0, Recovery));
        await output.TookAsync("live", quiet.IsLiveAsync(Recovery));
        await quiet.EndAsync();
        await replicas.StopAsync();
    }

    [Fact]
    public async Task Replicas_that_start_without_a_broker_serve_and_use_it_when_it_comes()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await broker.StopAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.AskAsync(replicas.A, replicas.B, HealedFromTheLog);
        await replicas.MakeRoomsAsync(1);
        (await replicas.UnhandledAsync()).ShouldBe(3);

        await broker.StartAgainAsync();

        await output.TookAsync("live", quiet.IsLiveAsync(Recovery));
        await output.TookAsync("handled", Eventually.Is(async () => await replicas.UnhandledAsync() == 0 && await replicas.UndeliveredAsync() == 0, Recovery));
        await quiet.EndAsync();
        await replicas.StopAsync();
    }
}
