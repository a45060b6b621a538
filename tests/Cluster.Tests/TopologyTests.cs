using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>What replicas make at the broker, and what is left of it when they go.</summary>
public sealed partial class TopologyTests
{
    [Fact]
    public async Task Every_queue_outlives_a_blip_and_each_replica_has_one_of_its_own_that_goes_with_it()
    {
        await using var broker = await TestBroker.CreateAsync();
        await using var replicas = await Replicas.StartAsync(2, broker: broker.Url);
        await Task.WhenAll(replicas.All.Select(r => r.Host.ConnectedAsync()));

        var queues = await broker.QueuesAsync();
        queues.ShouldAllBe(q => q.Durable && !q.Exclusive && !q.AutoDelete);
        queues.Where(q => !IsLive(q.Name)).Select(q => q.Name).Order().ShouldBe(["notifications.users", "questions.rooms", "questions.users", "rooms.users"]);
        var live = queues.Where(q => IsLive(q.Name)).ToArray();
        live.Select(q => q.Arguments["x-expires"]).ShouldBe(["120000", "120000"]);
        (await broker.ExclusivelyConsumedAsync()).Order().ShouldBe(live.Select(q => q.Name).Order());
        var all = await ThingsAsync(broker);

        await replicas.A.Host.StopAsync();
        // At once, or where its goodbye took too long, in two minutes.
        string[] gone = [];
        await Eventually.Is(async () => (gone = [.. all.Except(await ThingsAsync(broker))]).Length > 0, TimeSpan.FromMinutes(3), pause: TimeSpan.FromSeconds(1));
        var queueOfA = live.Select(q => q.Name).Where(name => gone.Contains($"queue {name}")).ShouldHaveSingleItem();
        gone.ShouldAllBe(thing => thing.EndsWith(queueOfA, StringComparison.Ordinal));

        await replicas.B.Host.KillAsync();
        await Eventually.Is(async () => (await broker.ConsumersAsync()).Count == 0);
        await using var next = await HostProcess.StartAsync(replicas.Database, settings: ("Bus__Url", broker.Url));
        await next.ConnectedAsync();

        // What the killed one has left expires; beside it there is what the two of them had.
        (await broker.QueuesAsync()).Where(q => IsLive(q.Name)).ShouldAllBe(q => q.Arguments["x-expires"] == "120000");
        var now = await ThingsAsync(broker);
        now.ShouldBeUnique();
        now.Select(Anonymous).Order().ShouldBe(all.Select(Anonymous).Order());
        await next.StopAsync();
    }

    private static bool IsLive(string queue) => queue.StartsWith("live.", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> ThingsAsync(TestBroker broker) =>
    [
        .. (await broker.QueuesAsync()).Select(q => $"queue {q.Name}"),
        .. (await broker.ExchangesAsync()).Select(e => $"exchange {e.Name}"),
        .. (await broker.BindingsAsync()).Select(b => $"from {b.From} to {b.Kind} {b.To}"),
    ];

    private static string Anonymous(string thing) => BootId().Replace(thing, "");

    [GeneratedRegex("[.][0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BootId();
}
