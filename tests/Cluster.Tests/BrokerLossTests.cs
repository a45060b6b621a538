using Modular.Testing;
using RabbitMQ.Client;

namespace Modular.Cluster.Tests;

/// <summary>A broker that is away costs time until others see and handle what was posted, and nothing else.</summary>
[Collection<OwnBroker>]
public sealed class BrokerLossTests(OwnBroker own, ITestOutputHelper output)
{
    private readonly BrokerProcess broker = own.Broker;
    private readonly Replicas replicas = own.Replicas;

    [Fact]
    public async Task A_broker_that_is_stopped_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.StopAsync();
        await NobodyWaitsAsync(crowd);
        await broker.StartAgainAsync();

        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_is_killed_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await ConfirmAsync("kept");
        await broker.CrashAsync();

        (await broker.Control.QueuesAsync()).Single(q => q.Name == "kept").Messages.ShouldBe(1, "what it has confirmed it keeps");
        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_cannot_be_reached_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        try
        {
            foreach (var replica in replicas.All)
                replica.Link.Swallow();
            await LastsAsync(crowd);
        }
        finally
        {
            foreach (var replica in replicas.All)
                replica.Link.Release();
        }

        await RecoversAsync(crowd);
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_for_lack_of_memory_delays_what_others_see_and_handle_and_loses_nothing()
    {
        await using var crowd = await Crowd.StartAsync(replicas);

        await broker.RaiseMemoryAlarmAsync();
        try
        {
            await LastsAsync(crowd);
        }
        finally
        {
            await broker.ClearMemoryAlarmAsync();
        }

        await RecoversAsync(crowd);
    }

    /// <summary>A durable queue with one persistent message.</summary>
    private async Task ConfirmAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        await broker.Control.RunAsync("eval", "dumped = mnesia:dump_log().");     // what was declared in the last seconds is else in the node's memory
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, "news"u8.ToArray());
    }

    /// <summary>Longer than a publish is waited for.</summary>
    private async Task LastsAsync(Crowd crowd)
    {
        var before = replicas.All.ConvertAll(GivenUp);
        await NobodyWaitsAsync(crowd);
        await Eventually.Is(() => replicas.All.ConvertAll(GivenUp).Zip(before).All(g => g.First > g.Second), what: "both have given a publish up", pause: TimeSpan.FromMilliseconds(250));

        static int GivenUp(Replica replica) => replica.Host.Log.Split("did not confirm within").Length;
    }

    /// <summary>Everybody has success while more waits for the broker than could if each waited for it with what they have asked last.</summary>
    private async Task NobodyWaitsAsync(Crowd crowd)
    {
        var requests = crowd.Everybody.Count();
        await Eventually.Is(async () => await replicas.UndeliveredAsync() > 4 * requests, what: "they do not wait for the broker");
        await crowd.GoesOnAsync();
    }

    private async Task RecoversAsync(Crowd crowd)
    {
        output.WriteLine((await crowd.CaughtUpAsync(Timing.Recovery)).ToString());
        await crowd.GoesOnAsync();
        await crowd.EndAsync();
        crowd.Everybody.Sum(p => p.Unavailable + p.Unanswered).ShouldBe(0);
        // Consumers may take half a minute to come back. Who comes last is taken for deaf meanwhile, but never both.
        crowd.Readiness.ShouldContain(r => r.Refusals.Count == 0, "one was ready all the time");
        crowd.Readiness.SelectMany(r => r.Refusals).ShouldAllBe(r => r.EndsWith("The message broker takes what this process publishes, but brings it nothing.", StringComparison.Ordinal));
    }
}
