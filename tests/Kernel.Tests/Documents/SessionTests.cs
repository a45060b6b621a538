using Modular.Kernel.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

public sealed class SessionTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync();

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task What_is_answered_on_insert_equals_what_is_loaded_later()
    {
        var session = shop.Store.OpenSession();
        var stored = session.Insert(Shop.NewItem() with { SoldAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) });
        await session.SaveChangesAsync(None);

        var loaded = await shop.Store.OpenSession().LoadAsync<Item>(stored.Id, None);

        Assert.Equal(stored with { UnknownMembers = null }, loaded! with { UnknownMembers = null });
        Assert.Equal(1, loaded.Version);
    }

    [Fact]
    public async Task A_store_on_a_stale_version_fails_and_writes_nothing()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        var first = shop.Store.OpenSession();
        first.Store(item with { Name = "first" });
        await first.SaveChangesAsync(None);

        var second = shop.Store.OpenSession();
        second.Store(item with { Name = "second" });
        second.Insert(Shop.NewItem("beside"));
        await Assert.ThrowsAsync<VersionConflictException>(() => second.SaveChangesAsync(None));

        var items = await shop.Store.OpenSession().QueryAsync<Item>($"order by id", None);
        Assert.Equal("first", Assert.Single(items).Name);
    }

    [Fact]
    public async Task A_stale_writer_fails_even_where_the_next_version_is_the_one_it_would_write()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        for (var i = 0; i < 2; i++)
        {
            var session = shop.Store.OpenSession();
            session.Store(item with { Name = $"n{i}" });
            if (i == 0)
                await session.SaveChangesAsync(None);
            else
                await Assert.ThrowsAsync<VersionConflictException>(() => session.SaveChangesAsync(None));
        }
    }

    [Fact]
    public async Task A_unique_value_is_taken_once_and_a_null_frees_from_the_rule()
    {
        var shelf = Guid.CreateVersion7();
        await shop.AddAsync("shop/a", Shop.NewItem("pen", shelf));
        await Assert.ThrowsAsync<DocumentExistsException>(() => shop.AddAsync("shop/a", Shop.NewItem("pen", shelf)));
        await shop.AddAsync("shop/a", Shop.NewItem(null!, shelf));
        await shop.AddAsync("shop/a", Shop.NewItem(null!, shelf));
        Assert.Equal(3, await shop.Database.ScalarAsync<long>("select count(*) from shop.item"));
    }

    [Fact]
    public async Task A_store_that_takes_a_taken_value_is_told_so()
    {
        var shelf = Guid.CreateVersion7();
        await shop.AddAsync("shop/a", Shop.NewItem("pen", shelf));
        var other = await shop.AddAsync("shop/a", Shop.NewItem("pencil", shelf));
        var session = shop.Store.OpenSession();
        session.Store(other with { Name = "pen" });
        await Assert.ThrowsAsync<DocumentExistsException>(() => session.SaveChangesAsync(None));
    }

    [Fact]
    public async Task An_expected_document_that_changed_refuses_the_commit()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        var change = shop.Store.OpenSession();
        change.Store(item);
        await change.SaveChangesAsync(None);

        var session = shop.Store.OpenSession();
        session.Expect(item);
        session.Insert(Shop.NewItem("other"));
        await Assert.ThrowsAsync<VersionConflictException>(() => session.SaveChangesAsync(None));
        Assert.Equal(1, await shop.Database.ScalarAsync<long>("select count(*) from shop.item"));
    }

    [Fact]
    public async Task Increments_add_up_without_a_version_bump_and_a_later_store_leaves_them()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ =>
        {
            var session = shop.Store.OpenSession();
            session.Increment<Item>(item.Id, i => i.Stock, 1);
            await session.SaveChangesAsync(None);
        }));
        var store = shop.Store.OpenSession();
        store.Store(item with { Name = "renamed" });
        await store.SaveChangesAsync(None);

        var loaded = await shop.Store.OpenSession().LoadAsync<Item>(item.Id, None);
        Assert.Equal((301, 2, "renamed"), (loaded!.Stock, loaded.Version, loaded.Name));
    }

    [Fact]
    public async Task An_increment_of_nothing_is_a_conflict()
    {
        var session = shop.Store.OpenSession();
        session.Increment<Item>(Guid.CreateVersion7(), i => i.Stock, 1);
        await Assert.ThrowsAsync<VersionConflictException>(() => session.SaveChangesAsync(None));
    }

    [Fact]
    public async Task A_delete_needs_the_version_that_was_read()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        var delete = shop.Store.OpenSession();
        delete.Delete(item);
        await delete.SaveChangesAsync(None);
        var again = shop.Store.OpenSession();
        again.Delete(item);
        await Assert.ThrowsAsync<VersionConflictException>(() => again.SaveChangesAsync(None));
    }

    [Fact]
    public async Task Members_that_this_version_does_not_know_survive_a_rewrite()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        await shop.Database.RunAsync("update shop.item set data = data || '{\"colour\":\"red\"}'");
        var session = shop.Store.OpenSession();
        var loaded = await session.LoadAsync<Item>(item.Id, None);
        session.Store(loaded! with { Name = "changed" });
        await session.SaveChangesAsync(None);
        Assert.Equal("red changed", await shop.Database.ScalarAsync<string>("select (data->>'colour') || ' ' || (data->>'name') from shop.item"));
    }

    [Fact]
    public async Task Interpolated_values_are_parameters_and_never_SQL()
    {
        await shop.AddAsync("shop/a", Shop.NewItem("x' or true --"));
        await shop.AddAsync("shop/a", Shop.NewItem("y"));
        var name = "x' or true --";
        Assert.Single(await shop.Store.OpenSession().QueryAsync<Item>($"where name = {name}", None));
    }

    [Fact]
    public async Task A_large_session_goes_beside_the_loop_and_keeps_the_same_rules()
    {
        var session = shop.Store.OpenSession();
        foreach (var i in Enumerable.Range(0, 500))
            session.Insert(Shop.NewItem($"n{i}"));
        session.Append("shop/big", new ItemAdded(Guid.CreateVersion7(), "many"));
        await session.SaveChangesAsync(None);
        Assert.Equal(500, await shop.Database.ScalarAsync<long>("select count(*) from shop.item"));
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Stream == "shop/big"));

        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        var stale = shop.Store.OpenSession();
        stale.Store(item with { Version = 9 });
        foreach (var i in Enumerable.Range(0, 500))
            stale.Insert(Shop.NewItem($"m{i}"));
        await Assert.ThrowsAsync<VersionConflictException>(() => stale.SaveChangesAsync(None));
        Assert.Equal(501, await shop.Database.ScalarAsync<long>("select count(*) from shop.item"));
    }

    [Fact]
    public void Only_the_owner_of_a_stream_appends_to_it() =>
        Assert.Throws<InvalidOperationException>(() => shop.Store.OpenSession().Append("ledger/a", new ItemAdded(Guid.NewGuid(), "x")));

    [Fact]
    public async Task Redaction_takes_the_data_of_earlier_events_and_keeps_their_numbers()
    {
        var kept = await shop.AddAsync("shop/a", Shop.NewItem("kept"));
        var gone = await shop.AddAsync("shop/a", Shop.NewItem("secret"));
        var session = shop.Store.OpenSession();
        session.Redact("shop/a", gone.Id);
        session.Append("shop/a", new ItemAdded(gone.Id, "removed"));
        await session.SaveChangesAsync(None);

        var log = await shop.Database.ScalarAsync<string>("select string_agg(seq || data::text, ' ' order by seq) from shop.events");
        Assert.DoesNotContain("secret", log, StringComparison.Ordinal);
        Assert.Contains("kept", log, StringComparison.Ordinal);
        Assert.Contains("3{\"id\":", log, StringComparison.Ordinal);
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Redacts == gone.Id));
        Assert.NotEqual(kept.Id, gone.Id);
    }

    [Fact]
    public async Task A_lease_has_one_holder_until_it_runs_out()
    {
        Assert.True(await shop.Store.HoldLeaseAsync("flush", TimeSpan.FromMinutes(1), None));
        Assert.True(await shop.Store.HoldLeaseAsync("flush", TimeSpan.FromMinutes(1), None));
        await shop.Database.RunAsync("update shop.leases set holder = gen_random_uuid()");
        Assert.False(await shop.Store.HoldLeaseAsync("flush", TimeSpan.FromMinutes(1), None));
        await shop.Database.RunAsync("update shop.leases set until = now() - interval '1 second'");
        Assert.True(await shop.Store.HoldLeaseAsync("flush", TimeSpan.FromMinutes(1), None));
    }

    [Fact]
    public async Task Work_of_its_own_and_the_events_it_appends_commit_together()
    {
        var item = await shop.AddAsync("shop/a", Shop.NewItem());
        var shown = await shop.Store.TransactAsync(async (transaction, ct) =>
        {
            var rows = await transaction.QueryAsync($"update item set shown = stock where shown <> stock returning stock", r => r.GetInt32(0), ct);
            foreach (var _ in rows)
                transaction.Append("shop/a", new ItemAdded(item.Id, "flushed"));
            return rows.Count;
        }, None);
        Assert.Equal(1, shown);
        await Eventually.Is(() => shop.Live.Delivered.Any(e => e.Seq == 2));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Store.TransactAsync<int>((transaction, _) =>
        {
            transaction.Append("shop/a", new ItemAdded(item.Id, "never"));
            throw new InvalidOperationException("no");
        }, None));
        Assert.Equal(2L, await shop.Database.ScalarAsync<long>("select head from shop.streams where name = 'shop/a'"));
    }
}
