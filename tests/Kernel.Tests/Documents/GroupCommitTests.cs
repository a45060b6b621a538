using System.Globalization;
using Modular.Kernel.Documents;
using Modular.Testing;
using Npgsql;

namespace Modular.Kernel.Tests.Documents;

public sealed class GroupCommitTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(configure: HeldRow.Patiently);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Concurrent_appends_get_gapless_numbers_and_sockets_see_them_in_that_order()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async poster =>
        {
            for (var i = 0; i < 10; i++)
                await shop.AddAsync($"shop/{(poster % 3).ToString(CultureInfo.InvariantCulture)}", Shop.NewItem());
        }));

        foreach (var stream in shop.Live.Delivered.DistinctBy(e => e.EventId).GroupBy(e => e.Stream))
            Assert.Equal(Enumerable.Range(1, stream.Count()).Select(i => (long)i), stream.Select(e => e.Seq));
        Assert.Equal(1000, shop.Live.Delivered.DistinctBy(e => e.EventId).Count());
    }

    [Fact]
    public async Task A_sink_that_throws_stops_neither_the_commit_nor_the_handlers()
    {
        shop.Live.Fails = true;
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        await shop.AddAsync("shop/a", Shop.NewItem());
        await Eventually.Returns("the item was copied", () => shop.Ledger.OpenSession().LoadAsync<Tally>(item.Id, None));
    }

    [Fact]
    public async Task What_queues_while_a_commit_runs_shares_the_next_one()
    {
        var gate = await shop.AddAsync("shop/a", Shop.NewItem("gate"));
        await using var hold = await shop.HoldAsync(gate.Id);
        var blocked = await shop.BlockTheLoopAsync(gate.Id);
        var posts = Enumerable.Range(0, 64).Select(_ => shop.AddAsync("shop/a", Shop.NewItem("post"))).ToArray();
        await hold.DisposeAsync();

        await Task.WhenAll([blocked, .. posts]);
        Assert.Equal(64, await shop.Database.ScalarAsync<long>("select count(*) from shop.item where data->>'name' = 'post'"));
        Assert.Equal(1, await shop.Database.ScalarAsync<long>("select count(distinct xmin::text) from shop.item where data->>'name' = 'post'"));
    }

    [Fact]
    public async Task In_one_batch_only_the_poison_row_the_stale_version_and_the_taken_value_fail()
    {
        var shelf = Guid.CreateVersion7();
        var gate = await shop.AddAsync("shop/a", Shop.NewItem("gate", shelf));
        var stale = await shop.AddAsync("shop/a", Shop.NewItem("stale", shelf));
        await shop.Database.RunAsync($"update shop.item set version = 5 where id = '{stale.Id}'");
        await using var hold = await shop.HoldAsync(gate.Id);

        var blocked = await shop.BlockTheLoopAsync(gate.Id);
        var good = Enumerable.Range(0, 60).Select(i => shop.AddAsync("shop/a", Shop.NewItem($"good{i.ToString(CultureInfo.InvariantCulture)}", shelf))).ToArray();
        var poison = shop.AddAsync("shop/a", Shop.NewItem("a\0b", shelf));
        var taken = shop.AddAsync("shop/a", Shop.NewItem("gate", shelf));
        var session = shop.Store.OpenSession();
        session.Store(stale with { Name = "new" });
        var conflict = session.SaveChangesAsync(None);
        await hold.DisposeAsync();

        await Task.WhenAll([blocked, .. good]);
        Assert.Equal("22P05", (await Assert.ThrowsAsync<PostgresException>(() => poison)).SqlState);
        await Assert.ThrowsAsync<DocumentExistsException>(() => taken);
        await Assert.ThrowsAsync<VersionConflictException>(() => conflict);
        Assert.Equal(62, await shop.Database.ScalarAsync<long>("select count(*) from shop.item"));
        Assert.Equal(62L, await shop.Database.ScalarAsync<long>("select head from shop.streams where name = 'shop/a'"));
        Assert.Equal(62, await shop.Database.ScalarAsync<long>("select count(*) from shop.events"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_before_its_session_is_taken_has_written_nothing()
    {
        var gate = await shop.AddAsync("shop/a", Shop.NewItem("gate"));
        await using var hold = await shop.HoldAsync(gate.Id);
        var blocked = await shop.BlockTheLoopAsync(gate.Id);

        using var patience = new CancellationTokenSource();
        var session = shop.Store.OpenSession();
        session.Insert(Shop.NewItem("never"));
        var cancelled = session.SaveChangesAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await hold.DisposeAsync();
        await blocked;
        await shop.AddAsync("shop/a", Shop.NewItem("after"));
        Assert.Equal(0, await shop.Database.ScalarAsync<long>("select count(*) from shop.item where data->>'name' = 'never'"));
    }

    [Fact]
    public async Task Opposite_lock_orders_of_many_sessions_do_not_deadlock()
    {
        var items = new List<Item>();
        for (var i = 0; i < 8; i++)
            items.Add(await shop.AddAsync("shop/a", Shop.NewItem()));
        await using var other = await shop.AnotherReplicaAsync();
        var before = await DeadlocksAsync();
        await Task.WhenAll(new[] { shop.Store, other }.SelectMany(store => Enumerable.Range(0, 32).Select(async n =>
        {
            for (var i = 0; i < 10; i++)
            {
                var session = store.OpenSession();
                foreach (var item in n % 2 == 0 ? items : Enumerable.Reverse(items))
                    session.Increment<Item>(item.Id, x => x.Stock, 1);
                session.Append($"shop/{((n + i) % 4).ToString(CultureInfo.InvariantCulture)}", new ItemAdded(items[0].Id, "x"));
                await session.SaveChangesAsync(None);
            }
        })));
        Assert.Equal(641, await shop.Database.ScalarAsync<int>($"select min(stock) from shop.item"));
        await other.Loop.StopAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(before, await DeadlocksAsync());
    }

    private Task<long> DeadlocksAsync() => shop.Database.ScalarAsync<long>("select deadlocks from pg_stat_database where datname = current_database()");
}
