using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

/// <summary>Two replicas of the <see cref="Shop"/> in this process: one database, one broker, a link of its own to the broker each.</summary>
internal sealed class TwoShops : IAsyncDisposable
{
    private TwoShops(TestDatabase database, TestBroker broker) =>
        (Database, Broker, LinkOfA, LinkOfB) = (database, broker, new TcpProxy(broker.Port), new TcpProxy(broker.Port));

    public TestDatabase Database { get; }

    /// <summary>That of both.</summary>
    public ManualClock Clock { get; } = new();

    public TestBroker Broker { get; }

    public TcpProxy LinkOfA { get; }

    public TcpProxy LinkOfB { get; }

    public Shop A { get; private set; } = null!;

    public Shop B { get; private set; } = null!;

    public IEnumerable<Shop> Both => [A, B];

    public static async Task<TwoShops> OpenAsync(PostgresProcess? on = null)
    {
        var (database, broker) = (TestDatabase.CreateAsync(on, like: on is null ? MigratedShop.Database : null), TestBroker.CreateAsync());
        var shops = new TwoShops(await database, await broker);
        var opening = new[] { shops.LinkOfA, shops.LinkOfB }.Select(link => Shop.OpenAsync(on: shops.Database, bus: shops.Broker.Through(link), clock: shops.Clock));
        var open = await Task.WhenAll(opening);
        (shops.A, shops.B) = (open[0], open[1]);
        await shops.ConsumingAsync();
        return shops;
    }

    /// <summary>Both have their live queue and their share of the handlers' queues.</summary>
    public Task ConsumingAsync() => Eventually.Is(
        async () => (await Broker.ConsumersAsync()).Count(queue => queue is "ledger.shop" or "mirror.shop" || queue.StartsWith("live.", StringComparison.Ordinal)) == 6,
        TimeSpan.FromMinutes(2), "both replicas consume");

    /// <summary>Called on both by <see cref="CountItems"/> before its work.</summary>
    public void BeforeCounting(Action<Shop, ItemAdded, int> act)
    {
        foreach (var shop in Both)
            shop.Behaviour.BeforeCounting = (happened, attempt) => act(shop, happened, attempt);
    }

    /// <summary>What the two modules' handlers have counted.</summary>
    public async Task<(int Ledger, int Mirror)> CountsAsync() => (await CountAsync("ledger"), await CountAsync("mirror"));

    /// <summary>Nothing is on its way any more: all is published, and all that was published is handled.</summary>
    public Task QuietAsync() => Clock.UntilAsync(
        async () => await Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0 && (await Broker.QueuesAsync()).All(q => q.Messages == 0),
        "the outbox and every queue is empty");

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await LinkOfA.DisposeAsync();
        await LinkOfB.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
    }

    private Task<int> CountAsync(string module) =>
        Database.ScalarAsync<int>($"select (data->>'count')::int from {module}.tally where id = '{CountItems.TallyId}'");
}
