using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Schema;
using Modular.Testing;
using Npgsql;

namespace Modular.Kernel.Tests.Documents;

public sealed class SchemaTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        await using (await Shop.OpenAsync(on: database))
        {
        }

        var before = await SchemaAsync();
        await using (await Shop.OpenAsync(on: database))
        {
        }

        Assert.Equal(before, await SchemaAsync());
    }

    [Fact]
    public async Task What_an_older_version_lacked_is_added_and_its_documents_load()
    {
        await using (var older = await Shop.OpenAsync(on: database))
            await older.AddAsync("shop/a", Shop.NewItem("kept"));
        // The schema as a version without this instant, this counter and these indexes left it.
        await database.RunAsync("alter table shop.item drop column sold_at, drop column shown; drop index shop.item_by_stock; drop index shop.item_one_name_a_shelf");

        await using var newer = await Shop.OpenAsync(on: database);
        var item = Assert.Single(await newer.Store.OpenSession().QueryAsync<Item>($"where name = {"kept"}", None));
        Assert.Equal((0, null), (item.Shown, item.SoldAt));
        await Assert.ThrowsAsync<DocumentExistsException>(() => newer.AddAsync("shop/a", Shop.NewItem("kept", item.ShelfId)));
    }

    [Fact]
    public async Task An_index_that_an_interrupted_build_left_invalid_is_built_again()
    {
        await using (var shop = await Shop.OpenAsync(on: database))
            await shop.AddAsync("shop/a", Shop.NewItem());
        await database.RunAsync("update pg_index set indisvalid = false where indexrelid = 'shop.item_by_stock'::regclass");
        await using (await Shop.OpenAsync(on: database))
            Assert.True(await database.ScalarAsync<bool>("select indisvalid from pg_index where indexrelid = 'shop.item_by_stock'::regclass"));
    }

    [Fact]
    public async Task A_migration_waits_for_another_and_then_runs()
    {
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await other.OpenAsync();
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({Migrator.LockKey})", other))
            await take.ExecuteNonQueryAsync();
        var opening = Shop.OpenAsync(on: database);
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'modular migrate' and datname = current_database() and state = 'idle' and query like '%pg_try_advisory_lock%'") == 1);
        Assert.False(opening.IsCompleted);
        Assert.True(await database.ScalarAsync<bool>("select to_regclass('shop.item') is null"));
        await other.CloseAsync();
        await using (await opening)
            Assert.True(await database.ScalarAsync<bool>("select to_regclass('shop.item') is not null"));
    }

    [Fact]
    public async Task The_log_keeps_a_day_or_a_thousand_events_whichever_is_more_and_what_is_not_published()
    {
        await using var shop = await Shop.OpenAsync(on: database);
        await database.RunAsync("""
            insert into shop.streams values ('shop/old', 1500), ('shop/young', 1500), ('shop/huge', 100200), ('shop/waiting', 1500);
            insert into shop.events(stream, seq, event_id, type, subject, data, at)
            select s.name, n, gen_random_uuid(), 'item.added', gen_random_uuid(), '{}',
                   case when s.name in ('shop/old', 'shop/waiting') then now() - interval '25 hours' else now() end
            from shop.streams s, generate_series(1, s.head) n;
            insert into shop.outbox(owner_id, lane, event_id, stream, seq, type, subject, at)
            select gen_random_uuid(), 0, event_id, stream, seq, type, subject, at from shop.events where stream = 'shop/waiting' and seq = 7;
            """);
        await new Retention(shop.Stores["shop"], TimeProvider.System, NullLogger.Instance).TrimAsync(None);

        Assert.Equal((501, 1000), await KeptAsync("shop/old"));
        Assert.Equal((1, 1500), await KeptAsync("shop/young"));
        Assert.Equal((201, 100_000), await KeptAsync("shop/huge"));
        Assert.Equal((7, 1001), await KeptAsync("shop/waiting"));
        var page = (await shop.Stores["shop"].Log.ReadAsync([("shop/old", 100)], 10, None))["shop/old"];
        Assert.False(page.ReachesBackTo(100));
        Assert.True(page.ReachesBackTo(500));
    }

    [Fact]
    public async Task A_document_goes_when_its_time_is_over_and_one_without_a_time_stays()
    {
        await using var shop = await Shop.OpenAsync(on: database);
        var session = shop.Store.OpenSession();
        session.Insert(new Voucher { Id = Guid.CreateVersion7(), GoodUntil = DateTimeOffset.UtcNow.AddMinutes(-1) });
        var (good, lasting) = (
            session.Insert(new Voucher { Id = Guid.CreateVersion7(), GoodUntil = DateTimeOffset.UtcNow.AddHours(1) }),
            session.Insert(new Voucher { Id = Guid.CreateVersion7() }));
        await session.SaveChangesAsync(None);

        await new Retention(shop.Stores["shop"], TimeProvider.System, NullLogger.Instance).TrimAsync(None);

        var left = await shop.Store.OpenSession().QueryIdsAsync<Voucher>($"where true", None);
        Assert.Equivalent(new[] { good.Id, lasting.Id }, left, strict: true);
    }

    [Fact]
    public async Task A_restore_is_noticed_on_the_next_new_connection_and_told_to_the_sockets()
    {
        await using var shop = await Shop.OpenAsync(on: database);
        var before = (await shop.Store.OpenSession().PositionAsync("shop/a", None)).Epoch;
        await database.RunAsync("update shop.store set restore_id = gen_random_uuid()");
        await database.RunAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'modular shop read' and datname = current_database()");
        await Eventually.Is(async () =>
        {
            try
            {
                return (await shop.Store.OpenSession().PositionAsync("shop/a", None)).Epoch != before;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
        Assert.Equal(1, shop.Live.EpochChanges);
    }

    private async Task<(int First, int Count)> KeptAsync(string stream) =>
        (await database.ScalarAsync<int>($"select min(seq)::int from shop.events where stream = '{stream}'"),
            await database.ScalarAsync<int>($"select count(*)::int from shop.events where stream = '{stream}'"));

    private Task<string?> SchemaAsync() => database.ScalarAsync<string>(
        "select string_agg(c.oid || ' ' || c.relname, ',' order by c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('shop', 'ledger')");
}
