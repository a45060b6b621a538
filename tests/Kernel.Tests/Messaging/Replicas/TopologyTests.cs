using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

public sealed class TopologyTests
{
    [Fact]
    public async Task Starts_and_stops_leave_at_the_broker_what_the_first_has_left_also_where_one_stops_before_it_is_connected()
    {
        await using var database = await TestDatabase.CreateAsync(like: MigratedShop.Database);
        await using var broker = await TestBroker.CreateAsync();
        await RoundAsync(database, broker, connected: true);
        var after = await LeftAsync(broker);
        Assert.Contains("queue ledger.shop", after);

        for (var round = 0; round < 6; round++)
            await RoundAsync(database, broker, connected: round % 2 == 0);

        // Where a stop had no time to delete its queue, that expires after two minutes.
        await Eventually.Is(async () => after.SequenceEqual(await LeftAsync(broker)), TimeSpan.FromMinutes(3), "what is left is what the first has left");
    }

    private static async Task RoundAsync(TestDatabase database, TestBroker broker, bool connected)
    {
        await using var shop = await Shop.OpenAsync(on: database, bus: broker.Url);
        if (!connected)
            return;
        await using var other = await Shop.OpenAsync(on: database, bus: broker.Url);
        var signals = other.Services.GetRequiredKeyedService<ISignals>("shop");
        await Eventually.Is(() =>
        {
            signals.Send("shop/a", "hello", new { });
            return shop.Live.Signals.Count > 0;
        }, TimeSpan.FromMinutes(2), "its live queue brings signals");
    }

    private static async Task<IReadOnlyList<string>> LeftAsync(TestBroker broker) =>
    [
        .. (await broker.QueuesAsync()).Select(q => $"queue {q.Name}").Order(),
        .. (await broker.ExchangesAsync()).Select(e => $"exchange {e.Name}").Order(),
        .. (await broker.BindingsAsync()).Select(b => $"binding {b.From} -> {b.Kind} {b.To}").Order(),
    ];
}
