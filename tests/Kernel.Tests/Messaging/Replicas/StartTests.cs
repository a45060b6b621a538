using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

public sealed class StartTests
{
    [Fact]
    public async Task A_replica_that_finds_no_broker_serves_and_publishes_when_there_is_one()
    {
        await using var database = await TestDatabase.CreateAsync(like: MigratedShop.Database);
        await using var broker = await TestBroker.CreateAsync();
        await using var link = new TcpProxy(broker.Port);
        link.RefuseNew();
        await using var shop = await Shop.OpenAsync(on: database, bus: broker.Through(link));
        await shop.AddAsync("shop/a", Shop.NewItem());
        link.AcceptNew();

        await IsHandledAsync(shop, 1);
    }

    /// <summary>At the first declaration, at that of its own queue, and at that of a queue it shares.</summary>
    [Theory]
    [InlineData("shop.outbox")]
    [InlineData("live.")]
    [InlineData("signals")]
    public async Task A_connection_that_breaks_while_it_starts_is_only_a_start_that_takes_longer(string at)
    {
        await using var database = await TestDatabase.CreateAsync(like: MigratedShop.Database);
        await using var broker = await TestBroker.CreateAsync();
        await using var link = new TcpProxy(broker.Port);
        var reached = link.HoldAnswerTo(at);
        await using var shop = await Shop.OpenAsync(on: database, bus: broker.Through(link));
        await Eventually.Is(() => reached.IsCompleted);
        link.Cut();
        await shop.AddAsync("shop/a", Shop.NewItem());

        await IsHandledAsync(shop, 1);
        Assert.False(shop.Services.GetRequiredService<MessageEngine>().HasFailed, "liveness would have it restarted");
    }

    private static async Task IsHandledAsync(Shop shop, int items)
    {
        await Eventually.Is(async () => await shop.Database.ScalarAsync<long>("select count(*) from mirror.inbox") == items, TimeSpan.FromMinutes(2));
        await Eventually.Is(async () => await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
    }
}
