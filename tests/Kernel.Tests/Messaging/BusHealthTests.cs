using Microsoft.Extensions.Diagnostics.HealthChecks;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class BusHealthTests
{
    private static readonly TimeSpan AlmostSilence = BusHealth.Silence - TimeSpan.FromSeconds(1);
    private readonly ManualClock clock = new();
    private readonly BusHealth bus;

    public BusHealthTests() => bus = new BusHealth(clock);

    [Fact]
    public void A_new_process_is_neither_confirmed_nor_deaf()
    {
        Assert.Equal((false, false, false), (bus.IsConfirmed, bus.Hears, bus.IsDeaf));
    }

    [Fact]
    public void It_hears_when_of_every_module_something_confirmed_has_come_back()
    {
        bus.Confirmed("shop", bus.Now);
        bus.Confirmed("ledger", bus.Now);
        bus.Heard("shop");
        Assert.Equal((true, false), (bus.IsConfirmed, bus.Hears));

        bus.Heard("ledger");
        Assert.Equal((true, true), (bus.IsConfirmed, bus.Hears));
    }

    [Fact]
    public void It_has_heard_as_long_ago_as_the_module_that_has_been_silent_longest_and_not_at_all_once_that_is_too_long()
    {
        bus.Confirmed("shop", bus.Now);
        bus.Confirmed("ledger", bus.Now);
        bus.Heard("shop");
        Assert.Null(bus.HeardAgo);
        clock.Advance(TimeSpan.FromSeconds(2));
        bus.Heard("ledger");
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(5), bus.HeardAgo);

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(bus.HeardAgo);
    }

    [Fact]
    public void What_was_heard_or_confirmed_longer_ago_than_the_silence_does_not_count()
    {
        bus.Confirmed("shop", bus.Now);
        bus.Heard("shop");
        clock.Advance(AlmostSilence);
        Assert.True(bus.Hears);

        bus.Confirmed("shop", bus.Now);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((true, false), (bus.IsConfirmed, bus.Hears));
        clock.Advance(AlmostSilence);
        Assert.False(bus.IsConfirmed);
    }

    [Fact]
    public void It_is_deaf_when_a_module_stays_away_that_is_confirmed_all_the_time()
    {
        Pass(seconds: 14, heard: ["shop"], confirmed: ["shop", "ledger"]);
        Assert.False(bus.IsDeaf, "it may still be connecting");
        Pass(seconds: 2, heard: ["shop"], confirmed: ["shop", "ledger"]);
        Assert.True(bus.IsDeaf);

        bus.Heard("ledger");
        Assert.False(bus.IsDeaf);
    }

    [Fact]
    public void A_broker_that_takes_nothing_is_no_deafness()
    {
        Pass(seconds: 20, heard: ["shop"], confirmed: ["shop"]);
        Pass(seconds: 20, heard: [], confirmed: []);
        Assert.Equal((false, false), (bus.IsConfirmed, bus.IsDeaf));
    }

    [Fact]
    public async Task Only_a_process_that_is_deaf_while_another_hears_is_not_ready()
    {
        await using var shop = await Shop.OpenAsync();
        var check = new BusCheck(new HeldTransport(), bus, shop.Stores);
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(check));
        bus.Confirmed("shop", bus.Now);
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(check));

        Pass(seconds: 20, heard: [], confirmed: ["shop"]);
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(check));
        await shop.Database.RunAsync("insert into shop.outbox_owner(owner_id, instance, heard_at) values (gen_random_uuid(), 'deaf as well', now() - interval '20 seconds')");
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(check));
        await shop.Database.RunAsync("insert into shop.outbox_owner(owner_id, instance, heard_at, heartbeat_at) values (gen_random_uuid(), 'dead', now(), now() - interval '20 seconds')");
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(check));
        await shop.Database.RunAsync("insert into shop.outbox_owner(owner_id, instance, heard_at) values (gen_random_uuid(), 'hears', now())");
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(check));
    }

    private static async Task<HealthStatus> StatusAsync(BusCheck check) => (await check.CheckHealthAsync(new HealthCheckContext())).Status;

    private void Pass(int seconds, string[] heard, string[] confirmed)
    {
        for (var second = 0; second < seconds; second++)
        {
            Array.ForEach(heard, bus.Heard);
            Array.ForEach(confirmed, module => bus.Confirmed(module, bus.Now));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
