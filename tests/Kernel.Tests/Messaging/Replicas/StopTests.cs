using System.Diagnostics;
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
    public async Task What_a_replica_cannot_publish_any_more_before_it_stops_the_other_takes_over_at_once()
    {
        await using var shops = await TwoShops.OpenAsync();
        shops.LinkOfA.RefuseNew();
        shops.LinkOfA.Cut();
        await shops.A.AddAsync("shop/a", Shop.NewItem());
        var told = Stopwatch.GetTimestamp();

        await shops.A.StopAsync();

        var stopped = Stopwatch.GetTimestamp();
        Assert.InRange(Stopwatch.GetElapsedTime(told, stopped), TimeSpan.Zero, TimeSpan.FromSeconds(12));
        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }
}
