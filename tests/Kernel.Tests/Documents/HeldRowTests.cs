using Modular.Kernel.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

public sealed class HeldRowTests
{
    [Fact]
    public async Task A_row_that_somebody_holds_for_long_delays_only_those_who_need_it()
    {
        await using var shop = await OpenAsync();
        var gate = await shop.AddAsync("shop/a", Shop.NewItem("gate"));
        await using var hold = await shop.HoldAsync(gate.Id);
        var blocked = await shop.BlockTheLoopAsync(gate.Id);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.AddAsync("shop/a", Shop.NewItem())));
        Assert.False(blocked.IsCompleted);
        await hold.DisposeAsync();
        await blocked;
        Assert.Equal(2, (await shop.Store.OpenSession().LoadAsync<Item>(gate.Id, CancellationToken.None))!.Stock);
    }

    /// <summary>The whole batch waits once, as nobody can know; found by waiting as long at every halving, the row would cost all of these their deadline.</summary>
    [Fact]
    public async Task The_others_in_a_batch_wait_once_however_many_in_it_need_the_row()
    {
        await using var shop = await OpenAsync(("LockTimeoutMs", "2000"), ("QueueTimeoutMs", "12000"), ("OutcomeTimeoutMs", "1000"));
        var (first, second) = (await shop.AddAsync("shop/a", Shop.NewItem("first")), await shop.AddAsync("shop/a", Shop.NewItem("second")));
        await using var holdFirst = await shop.HoldAsync(first.Id);
        await using var holdSecond = await shop.HoldAsync(second.Id);
        var blocked = await shop.BlockTheLoopAsync(first.Id);
        var waiting = Enumerable.Range(0, 30).Select(_ => shop.IncrementAsync(second.Id)).ToArray();
        var posts = Enumerable.Range(0, 100).Select(_ => shop.AddAsync("shop/a", Shop.NewItem())).ToArray();
        await holdFirst.DisposeAsync();

        await Task.WhenAll([blocked, .. posts]);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        await holdSecond.DisposeAsync();
        await Task.WhenAll(waiting);
        Assert.Equal(31, (await shop.Store.OpenSession().LoadAsync<Item>(second.Id, CancellationToken.None))!.Stock);
    }

    [Fact]
    public async Task A_store_that_stops_tells_those_who_still_wait_that_nothing_was_saved()
    {
        var clock = new ManualClock();
        await using var shop = await OpenAsync(clock);
        var gate = await shop.AddAsync("shop/a", Shop.NewItem("gate"));
        await using var hold = await shop.HoldAsync(gate.Id);
        var blocked = await shop.BlockTheLoopAsync(gate.Id);
        await shop.AddAsync("shop/a", Shop.NewItem());       // by now it is known to be held up
        var stopping = shop.StopAsync();
        await clock.UntilAsync(() => stopping.IsCompleted && blocked.IsCompleted);

        Assert.Contains("The host is stopping", (await Assert.ThrowsAsync<CommitUnavailableException>(() => blocked)).Message);
    }

    private static Task<Shop> OpenAsync(params (string Name, string Value)[] settings) => OpenAsync(null, settings);

    private static Task<Shop> OpenAsync(TimeProvider? clock, params (string Name, string Value)[] settings) => Shop.OpenAsync(
        configure: s =>
        {
            s["Database:LockTimeoutMs"] = "200";
            foreach (var (name, value) in settings)
                s[$"Database:{name}"] = value;
        }, clock: clock);
}
