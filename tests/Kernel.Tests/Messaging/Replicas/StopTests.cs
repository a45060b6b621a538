using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

public sealed class StopTests
{
    [Fact]
    public async Task What_a_replica_is_handling_when_it_is_told_to_stop_it_finishes()
    {
        await using var shops = await TwoShops.OpenAsync();
        using var held = new ManualResetEventSlim();
        var holder = new TaskCompletionSource<Shop>();
        shops.BeforeCounting((shop, _, _) =>
        {
            holder.TrySetResult(shop);
            held.Wait();
        });
        await shops.A.AddAsync("shop/a", Shop.NewItem());

        var stopping = (await holder.Task).StopAsync();
        held.Set();
        await stopping;

        await shops.QuietAsync();
        Assert.Equal((1, 1), await shops.CountsAsync());
        Assert.Equal(1, shops.Both.Sum(shop => shop.Behaviour.Attempts));
    }

    [Fact]
    public async Task What_it_cannot_finish_in_time_the_other_handles()
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
        var leaving = await holder.Task;

        await StoppedAsync(shops, leaving);

        (leaving == shops.A ? shops.LinkOfA : shops.LinkOfB).Cut();   // as the end of its process does
        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        held.Set();
        await shops.QuietAsync();
        Assert.Equal((1, 1), await shops.CountsAsync());
    }

    [Fact]
    public async Task What_a_replica_cannot_publish_any_more_before_it_stops_the_other_takes_over_at_once()
    {
        await using var shops = await TwoShops.OpenAsync();
        shops.LinkOfA.RefuseNew();
        shops.LinkOfA.Cut();
        await shops.A.AddAsync("shop/a", Shop.NewItem());

        await StoppedAsync(shops, shops.A);

        Assert.Equal(1, await shops.Database.ScalarAsync<long>("select count(*) from shop.outbox_owner"));
        await shops.Clock.UntilAsync(async () => await shops.CountsAsync() == (1, 1));
    }

    /// <summary>It waits for what is to be told and for what is being handled, and in the end for neither.</summary>
    private static async Task StoppedAsync(TwoShops shops, Shop leaving)
    {
        var stopping = leaving.StopAsync();
        await shops.Clock.UntilAsync(() => stopping.IsCompleted);
        await stopping;
    }
}
