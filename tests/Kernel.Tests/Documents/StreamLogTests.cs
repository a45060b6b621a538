using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

public sealed class StreamLogTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync(like: MigratedShop.Database);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_page_of_the_log_ends_before_it_is_too_big_and_the_next_goes_on_there()
    {
        await using var shop = await Shop.OpenAsync(on: database);
        await database.RunAsync("""
            insert into shop.streams values ('shop/small', 40), ('shop/big', 40), ('shop/huge', 40);
            insert into shop.events(stream, seq, event_id, type, subject, data, at)
            select s.name, n, gen_random_uuid(), 'item.added', gen_random_uuid(), json_build_object('text', repeat('x', t.length)), now()
            from (values ('shop/small', 3), ('shop/big', 30000), ('shop/huge', 1000000)) t(name, length) join shop.streams s using (name), generate_series(1, s.head) n
            """);
        var log = shop.Stores["shop"].Log;

        var pages = await log.ReadAsync([("shop/big", 0), ("shop/small", 0), ("shop/huge", 0)], 300, CancellationToken.None);
        var next = (await log.ReadAsync([("shop/big", pages["shop/big"].Events[^1].Seq)], 3, CancellationToken.None))["shop/big"];

        Assert.Equal(Numbers(1, 9), pages["shop/big"].Events.Select(e => e.Seq));
        Assert.Equal(Numbers(10, 3), next.Events.Select(e => e.Seq));
        Assert.Equal((40, 1), (next.Head, next.FirstKept));
        Assert.Equal(Numbers(1, 40), pages["shop/small"].Events.Select(e => e.Seq));
        Assert.Equal([1L], pages["shop/huge"].Events.Select(e => e.Seq));
    }

    [Fact]
    public async Task A_stream_that_is_forgotten_leaves_nothing_but_what_is_not_yet_published_and_begins_anew()
    {
        await using var shop = await Shop.OpenAsync(on: database);
        await database.RunAsync("""
            insert into shop.streams values ('shop/gone', 2), ('shop/kept', 1);
            insert into shop.events(stream, seq, event_id, type, subject, data, at)
            select s, n, gen_random_uuid(), 'item.added', gen_random_uuid(), '{}', now() from (values ('shop/gone', 1), ('shop/gone', 2), ('shop/kept', 1)) e(s, n);
            insert into shop.outbox(owner_id, lane, event_id, stream, seq, type, subject, at)
            select gen_random_uuid(), 0, event_id, stream, seq, type, subject, now() from shop.events where stream = 'shop/gone' and seq = 2
            """);
        var store = shop.Stores["shop"];

        await store.ForgetStreamAsync("shop/gone", CancellationToken.None);
        Assert.Equal("shop/gone 2, shop/kept 1", await database.ScalarAsync<string>("select string_agg(stream || ' ' || seq, ', ' order by stream, seq) from shop.events"));
        Assert.Equal(2, await database.ScalarAsync<long>("select head from shop.streams where name = 'shop/gone'"));

        await database.RunAsync("delete from shop.outbox");
        await store.ForgetStreamAsync("shop/gone", CancellationToken.None);
        Assert.Equal("shop/kept", await database.ScalarAsync<string>("select string_agg(name, ', ') from shop.streams"));
        Assert.Equal("shop/kept", await database.ScalarAsync<string>("select string_agg(stream, ', ') from shop.events"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.ForgetStreamAsync("other/gone", CancellationToken.None));
    }

    private static IEnumerable<long> Numbers(int first, int count) => Enumerable.Range(first, count).Select(n => (long)n);
}
