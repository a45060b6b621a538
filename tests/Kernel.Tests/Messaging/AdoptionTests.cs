using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;
using Npgsql;

namespace Modular.Kernel.Tests.Messaging;

public sealed class AdoptionTests : IAsyncLifetime
{
    private const string Silent = "00000000-0000-0000-0000-00000000dead";
    private readonly ManualClock clock = new();
    private readonly HeldTransport broker = new();
    private Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        shop = await Shop.OpenAsync(configure: HeldRow.Patiently, transport: broker, clock: clock);
        broker.Hold();
    }

    public async ValueTask DisposeAsync()
    {
        broker.Release();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task A_silent_owner_is_removed_only_after_ten_seconds_of_ones_own_unbroken_heartbeat()
    {
        await OwnerAsync(Silent, silentFor: 60);
        for (var beats = 1; beats <= 4; beats++)
        {
            await BeatAsync();
            Assert.True(await IsThereAsync(Silent), $"after {2 * beats} s");
        }

        await BeatAsync(() => clock.Leap(OutboxOwner.Beat * 3));   // frozen meanwhile: everybody looks silent to it
        Assert.True(await IsThereAsync(Silent), "when it froze");
        for (var beats = 1; beats <= 4; beats++)
        {
            await BeatAsync();
            Assert.True(await IsThereAsync(Silent), $"{2 * beats} s after it froze");
        }

        await BeatAsync();
        await BeatAsync();
        Assert.False(await IsThereAsync(Silent));
    }

    [Fact]
    public async Task An_owner_with_a_fresh_heartbeat_keeps_its_place_and_its_rows()
    {
        await OwnerAsync(Silent, silentFor: 5);
        await RowsAsync(Silent, 3);

        await AdoptionOf(Store).RemoveSilentAsync(CancellationToken.None);

        Assert.Equal(0, await AdoptionOf(Store).TakeOrphansAsync(CancellationToken.None));
        Assert.True(await IsThereAsync(Silent));
    }

    [Fact]
    public async Task Whose_own_heart_is_silent_in_the_database_judges_nobody()
    {
        await OwnerAsync(Silent, silentFor: 60);
        await shop.Database.RunAsync($"update shop.outbox_owner set heartbeat_at = now() - interval '11 seconds' where owner_id = '{Store.Owner.Id}'");

        await AdoptionOf(Store).RemoveSilentAsync(CancellationToken.None);

        Assert.True(await IsThereAsync(Silent));
    }

    [Fact]
    public async Task The_heartbeat_says_when_its_process_has_heard_and_nothing_new_where_it_does_not_hear()
    {
        var bus = shop.Services.GetRequiredService<BusHealth>();
        bus.Confirmed("shop", bus.Now);
        bus.Heard("shop");
        await BeatAsync(() => clock.Advance(OutboxOwner.Beat));
        var heard = (await shop.Database.ScalarAsync<TimeSpan?>($"select heartbeat_at - heard_at from shop.outbox_owner where owner_id = '{Store.Owner.Id}'"))!.Value;
        Assert.InRange(heard, OutboxOwner.Beat, BusHealth.Silence);

        await BeatAsync(() => clock.Advance(BusHealth.Silence));
        await BeatAsync();
        Assert.Null(bus.HeardAgo);
        var before = await HeardAtAsync();
        await BeatAsync();
        Assert.Equal(before, await HeardAtAsync());
    }

    [Fact]
    public async Task Two_that_look_for_orphans_at_once_take_each_row_once_in_chunks()
    {
        await using var other = await shop.AnotherReplicaAsync();
        await RowsAsync(Silent, 12_000);

        var taken = await Task.WhenAll(
            AdoptionOf(Store).TakeOrphansAsync(CancellationToken.None), AdoptionOf(other).TakeOrphansAsync(CancellationToken.None), AdoptionOf(Store).TakeOrphansAsync(CancellationToken.None));

        Assert.Equal(12_000, taken.Sum());
        Assert.Equal(0, await shop.Database.ScalarAsync<long>($"select count(*) from shop.outbox where owner_id = '{Silent}'"));
        Assert.InRange(await shop.Database.ScalarAsync<long>("select max(rows) from (select count(*) as rows from shop.outbox group by xmin::text) chunks"), 1, 5_000);
    }

    [Fact]
    public async Task A_commit_that_began_before_its_owner_was_removed_is_waited_for_and_its_rows_are_taken()
    {
        await OwnerAsync(Silent, silentFor: 60);
        await using var theirs = await OpenAsync();
        await using var commit = await theirs.BeginTransactionAsync();
        await RunAsync(theirs, $"select 1 from shop.outbox_owner where owner_id = '{Silent}' for key share");
        await RunAsync(theirs, Rows(Silent, 1));

        var removing = AdoptionOf(Store).RemoveSilentAsync(CancellationToken.None);
        await Eventually.Is(async () => await shop.WaitingAsync() == 1);
        Assert.False(removing.IsCompleted);
        await commit.CommitAsync();
        await removing;

        Assert.Equal(1, await AdoptionOf(Store).TakeOrphansAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_commit_that_comes_while_its_owner_is_being_removed_waits_and_goes_on_under_one_new_id()
    {
        var before = Store.Owner.Id;
        await using var theirs = await OpenAsync();
        await using var removal = await theirs.BeginTransactionAsync();
        await RunAsync(theirs, $"delete from shop.outbox_owner where owner_id = '{before}'");

        var small = shop.AddAsync("shop/a", Shop.NewItem());
        var large = shop.AddAsync("shop/a", Shop.NewItem(new string('x', 100_000)));
        await Eventually.Is(async () => await shop.WaitingAsync() == 2);
        Assert.False(small.IsCompleted || large.IsCompleted);
        await removal.CommitAsync();
        await Task.WhenAll(small, large);

        Assert.NotEqual(before, Store.Owner.Id);
        Assert.Equal(Store.Owner.Id, await shop.Database.ScalarAsync<Guid>("select owner_id from shop.outbox_owner"));
        Assert.Equal(1, await shop.Database.ScalarAsync<long>("select count(*) from shop.outbox_owner"));
        Assert.Equal(2, await shop.Database.ScalarAsync<long>($"select count(*) from shop.outbox where owner_id = '{Store.Owner.Id}'"));
    }

    private DocumentStore Store => shop.Stores["shop"];

    private Task<DateTime> HeardAtAsync() => shop.Database.ScalarAsync<DateTime>($"select heard_at from shop.outbox_owner where owner_id = '{Store.Owner.Id}'");

    private Adoption AdoptionOf(DocumentStore store) => new(store, shop.Services.GetRequiredService<KernelMetrics>(), NullLogger.Instance);

    /// <summary>Time passes until the next heartbeat, and whoever is watched has been looked at since.</summary>
    private Task BeatAsync() => BeatAsync(() => clock.Advance(OutboxOwner.Beat));

    private async Task BeatAsync(Action pass)
    {
        var orphan = Guid.CreateVersion7();
        await RowsAsync(orphan.ToString(), 1);
        var before = await HeartbeatAsync();
        pass();
        await Eventually.Is(async () => await HeartbeatAsync() > before);
        await Eventually.Is(async () => await shop.Database.ScalarAsync<long>($"select count(*) from shop.outbox where owner_id = '{orphan}'") == 0);
    }

    private Task<DateTime> HeartbeatAsync() => shop.Database.ScalarAsync<DateTime>($"select heartbeat_at from shop.outbox_owner where owner_id = '{Store.Owner.Id}'");

    private Task OwnerAsync(string id, int silentFor) => shop.Database.RunAsync(
        $"insert into shop.outbox_owner(owner_id, instance, heartbeat_at, alone) values ('{id}', 'other', now() - interval '{silentFor} seconds', false)");

    private Task RowsAsync(string owner, int rows) => shop.Database.RunAsync(Rows(owner, rows));

    private static string Rows(string owner, int rows) => $$"""
        insert into shop.outbox(owner_id, lane, event_id, seq, type, subject, data, at)
        select '{{owner}}', 0, gen_random_uuid(), 0, 'item.whispered', gen_random_uuid(), '{"id":"018f0000-0000-7000-8000-000000000002"}', now() from generate_series(1, {{rows}})
        """;

    private async Task<bool> IsThereAsync(string owner) => await shop.Database.ScalarAsync<long>($"select count(*) from shop.outbox_owner where owner_id = '{owner}'") == 1;

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(shop.Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection on, string sql)
    {
        await using var command = new NpgsqlCommand(sql, on);
        await command.ExecuteNonQueryAsync();
    }
}
