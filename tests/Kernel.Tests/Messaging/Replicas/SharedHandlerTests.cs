using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

/// <summary>Two modules handle one event, on two replicas that share the modules' queues.</summary>
public sealed class SharedHandlerTests
{
    [Fact]
    public async Task Every_module_takes_an_event_up_once_whichever_replica_it_was_committed_and_handled_on()
    {
        await using var shops = await TwoShops.OpenAsync();
        for (var n = 0; n < 10; n++)
            await Task.WhenAll(shops.Both.Select((shop, i) => shop.AddAsync($"shop/{i}", Shop.NewItem())));

        await shops.QuietAsync();

        Assert.Equal((20, 20), await shops.CountsAsync());
        Assert.Equal(40, await shops.Database.ScalarAsync<long>("select count(*) from ledger.inbox"));
        Assert.Equal(20, await shops.Database.ScalarAsync<long>("select count(*) from mirror.inbox"));
        Assert.All(shops.Both, shop => Assert.True(shop.Behaviour.Attempts > 0, "both replicas take part"));
    }

    [Fact]
    public async Task A_handler_that_throws_twice_takes_effect_once()
    {
        await using var shops = await TwoShops.OpenAsync();
        shops.BeforeCounting((_, _, attempt) =>
        {
            if (attempt <= 2)
                throw new InvalidOperationException("not yet");
        });
        await shops.A.AddAsync("shop/a", Shop.NewItem());

        await shops.QuietAsync();

        Assert.Equal((1, 1), await shops.CountsAsync());
        Assert.Equal(0, await shops.Database.ScalarAsync<long>("select count(*) from ledger.dead_letters"));
    }

    [Fact]
    public async Task A_poison_event_is_buried_alone_and_the_rest_goes_on()
    {
        await using var shops = await TwoShops.OpenAsync();
        shops.BeforeCounting((_, happened, _) =>
        {
            if (happened.Name == "poison")
                throw new InvalidOperationException("never");
        });
        await shops.A.AddAsync("shop/a", Shop.NewItem());
        var poison = await shops.A.AddAsync("shop/a", Shop.NewItem("poison"));
        await shops.B.AddAsync("shop/b", Shop.NewItem());
        await shops.B.AddAsync("shop/a", Shop.NewItem("behind it"));

        await shops.QuietAsync();

        Assert.Equal((3, 4), await shops.CountsAsync());
        Assert.Equal($"CountItems item.added {poison.Id} 4", await shops.Database.ScalarAsync<string>(
            "select handler || ' ' || type || ' ' || (data->>'id') || ' ' || attempts from ledger.dead_letters"));
    }

    [Fact]
    public async Task What_a_replica_was_handling_when_it_lost_the_broker_the_other_handles_and_the_first_finds_it_done()
    {
        await using var shops = await TwoShops.OpenAsync();
        using var held = new ManualResetEventSlim();
        var holder = new TaskCompletionSource<Shop>();
        shops.BeforeCounting((shop, _, _) =>
        {
            if (holder.TrySetResult(shop))
                held.Wait();
        });
        await shops.A.AddAsync("shop/a", Shop.NewItem());
        var one = await holder.Task;
        var (link, other) = one == shops.A ? (shops.LinkOfA, shops.B) : (shops.LinkOfB, shops.A);

        link.RefuseNew();
        link.Cut();
        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        held.Set();
        link.AcceptNew();
        await Eventually.Is(async () =>
        {
            await other.AddAsync("shop/b", Shop.NewItem());
            return one.Live.Delivered.Any(e => e.Stream == "shop/b");
        }, TimeSpan.FromMinutes(2), "it hears of the other's events again");

        await shops.QuietAsync();
        var items = await shops.Database.ScalarAsync<long>("select count(*) from shop.item");
        Assert.Equal(((int)items, (int)items), await shops.CountsAsync());
    }

    [Fact]
    public async Task A_database_that_is_restarted_while_an_event_is_handled_costs_nothing_and_no_attempt()
    {
        await using var postgres = await PostgresProcess.StartAsync();
        await using var shops = await TwoShops.OpenAsync(postgres);
        using var held = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        shops.BeforeCounting((_, _, _) =>
        {
            begun.TrySetResult();
            held.Wait();
        });
        await shops.A.AddAsync("shop/a", Shop.NewItem());
        await begun.Task;

        await postgres.StopAsync();
        held.Set();
        await postgres.StartAgainAsync();

        await shops.QuietAsync();
        Assert.Equal((1, 1), await shops.CountsAsync());
        Assert.Equal(0, await shops.Database.ScalarAsync<long>("select count(*) from ledger.dead_letters"));
    }
}
