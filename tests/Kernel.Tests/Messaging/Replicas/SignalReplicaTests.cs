using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging.Replicas;

public sealed class SignalReplicaTests
{
    [Fact]
    public async Task A_signal_reaches_the_other_replica_once_and_its_own_once()
    {
        await using var shops = await TwoShops.OpenAsync();
        Send(shops.A, "typing");
        Send(shops.B, "stopped");
        await Eventually.Is(() => shops.Both.All(shop => shop.Live.Signals.Count >= 2));
        Send(shops.A, "last");                               // what would come twice has come before it

        await Eventually.Is(() => shops.Both.All(shop => shop.Live.Signals.Any(s => s.Type == "last")));
        await shops.QuietAsync();
        Assert.All(shops.Both, shop => Assert.Equal(["last", "stopped", "typing"], shop.Live.Signals.Select(s => s.Type).Order()));
        Assert.All(shops.Both, shop => Assert.Equal("shop/a", shop.Live.Signals[0].Stream));
    }

    [Fact]
    public async Task While_the_broker_is_away_sending_costs_nothing_and_afterwards_the_new_ones_arrive()
    {
        await using var shops = await TwoShops.OpenAsync();
        shops.LinkOfA.RefuseNew();
        shops.LinkOfA.Cut();
        for (var n = 0; n < 3_000; n++)
            Send(shops.A, "away");
        Assert.Equal(3_000, shops.A.Live.Signals.Count);
        shops.LinkOfA.AcceptNew();

        await shops.Clock.UntilAsync(() =>
        {
            Send(shops.A, "back");
            return shops.B.Live.Signals.Any(s => s.Type == "back");
        });
        Assert.InRange(shops.B.Live.Signals.Count(s => s.Type == "away"), 0, SignalRelay.MostQueued + 100);
    }

    private static void Send(Shop from, string type) => from.Services.GetRequiredKeyedService<ISignals>("shop").Send("shop/a", type, new { });
}
