using Modular.Kernel.Documents;
using Modular.Kernel.Tests.Documents;
using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

public sealed class HandlerTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualClock clock = new();
    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(clock: clock);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Every_handler_of_an_event_takes_effect_once_and_the_row_goes_after_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.AddAsync("shop/a", Shop.NewItem())));
        await clock.UntilAsync(async () => await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
        Assert.Equal(50, (await TallyAsync(CountItems.TallyId))!.Count);
        Assert.Equal(51, await shop.Database.ScalarAsync<long>("select count(*) from ledger.tally"));
        Assert.Equal(100, await shop.Database.ScalarAsync<long>("select count(*) from ledger.inbox"));
    }

    [Fact]
    public async Task A_published_event_reaches_handlers_and_no_socket()
    {
        var id = Guid.CreateVersion7();
        var session = shop.Store.OpenSession();
        session.Publish(new ItemWhispered(id));
        await session.SaveChangesAsync(None);
        await Eventually.Returns("the whisper was heard", () => TallyAsync(id));
        Assert.Empty(shop.Live.Delivered);
    }

    [Fact]
    public async Task A_handler_that_throws_twice_takes_effect_once()
    {
        shop.Behaviour.BeforeCounting = (_, attempt) =>
        {
            if (attempt <= 2)
                throw new InvalidOperationException("not yet");
        };
        await shop.AddAsync("shop/a", Shop.NewItem());
        await clock.UntilAsync(async () => await TallyAsync(CountItems.TallyId) is not null);
        Assert.Equal(1, (await TallyAsync(CountItems.TallyId))!.Count);
    }

    [Fact]
    public async Task A_poison_event_is_buried_alone_and_the_rest_goes_on()
    {
        shop.Behaviour.BeforeCounting = (happened, _) =>
        {
            if (happened.Name == "poison")
                throw new InvalidOperationException("never");
        };
        var poison = await shop.AddAsync("shop/a", Shop.NewItem("poison"));
        await shop.AddAsync("shop/b", Shop.NewItem("fine"));
        await shop.AddAsync("shop/a", Shop.NewItem("behind it"));
        await clock.UntilAsync(async () => await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
        Assert.Equal(2, (await TallyAsync(CountItems.TallyId))!.Count);
        Assert.Equal($"CountItems item.added {poison.Id}", await shop.Database.ScalarAsync<string>("select handler || ' ' || type || ' ' || (data->>'id') from ledger.dead_letters"));
        Assert.NotNull(await TallyAsync(poison.Id));
    }

    [Fact]
    public async Task Rows_of_a_host_that_died_are_taken_up_by_the_next()
    {
        // A dead host as the database sees it: rows, and an owner whose heart has stopped.
        await shop.Database.RunAsync("""
            insert into shop.outbox_owner(owner_id, instance, started_at, heartbeat_at)
              values ('00000000-0000-0000-0000-00000000dead', 'gone', now() - interval '1 hour', now() - interval '9 seconds');
            insert into shop.streams values ('shop/left', 1);
            insert into shop.events(stream, seq, event_id, type, subject, data, at)
              values ('shop/left', 1, '018f0000-0000-7000-8000-000000000001', 'item.added', '018f0000-0000-7000-8000-000000000002',
                      '{"id":"018f0000-0000-7000-8000-000000000002","name":"left"}', now());
            insert into shop.outbox(owner_id, lane, event_id, stream, seq, type, subject, at)
              values ('00000000-0000-0000-0000-00000000dead', 0, '018f0000-0000-7000-8000-000000000001', 'shop/left', 1, 'item.added',
                      '018f0000-0000-7000-8000-000000000002', now());
            """);
        await shop.StopAsync();
        await using var next = await Shop.OpenAsync(on: shop.Database);
        await Eventually.Is(() => next.Live.Delivered.Any(e => e.Stream == "shop/left"));
        await Eventually.Is(async () => await next.Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
        Assert.NotNull(await next.Ledger.OpenSession().LoadAsync<Tally>(new Guid("018f0000-0000-7000-8000-000000000002"), None));
    }

    [Fact]
    public async Task A_clean_stop_handles_what_was_committed_before_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.AddAsync("shop/a", Shop.NewItem())));
        await shop.StopAsync();                              // which waits for no longer than seconds, if they pass
        Assert.Equal(0, await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox"));
        Assert.Equal(11, await shop.Database.ScalarAsync<long>("select count(*) from ledger.tally"));
        Assert.Equal(0, await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox_owner"));
    }

    [Fact]
    public async Task A_second_host_without_a_broker_is_refused_while_the_first_one_lives()
    {
        await using var first = await Shop.OpenAsync();      // its heart beats
        var refused = await Assert.ThrowsAsync<RefusedToRunException>(() => Shop.OpenAsync(on: first.Database));
        Assert.Contains("Another host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_taken_for_dead_finds_out_before_it_commits_and_goes_on_under_a_new_id()
    {
        using var held = new ManualResetEventSlim();
        shop.Behaviour.BeforeCounting = (_, attempt) =>
        {
            if (attempt == 1)
                held.Wait();
        };
        await shop.AddAsync("shop/a", Shop.NewItem());
        await shop.Database.RunAsync("delete from shop.outbox_owner");
        await shop.AddAsync("shop/a", Shop.NewItem());
        Assert.Equal(1, await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox_owner"));
        Assert.Equal(2, await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox where owner_id = (select owner_id from shop.outbox_owner)"));
        held.Set();
        await clock.UntilAsync(async () => await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox") == 0);
        Assert.Equal(2, (await TallyAsync(CountItems.TallyId))!.Count);
    }

    private Task<Tally?> TallyAsync(Guid id) => shop.Ledger.OpenSession().LoadAsync<Tally>(id, None);
}
