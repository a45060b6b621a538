using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Messaging;

/// <summary>
/// A lane whose broker takes nothing for a while. Events that are in no table tell its two ways apart: what it keeps in
/// memory it publishes, what it has dropped and looks for in the table it does not find.
/// </summary>
public sealed class LaneTests : IAsyncLifetime
{
    private const string Stream = "shop/a";

    /// <summary>It looks into the table twice, and publishes again what it finds there and is told of. The third it is only told of, and publishes after those.</summary>
    private const int WhileItBegins = 3;

    private readonly ManualClock clock = new();
    private readonly HeldTransport broker = new();
    private Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        shop = await Shop.OpenAsync(transport: broker, clock: clock);
        for (var seq = 1; seq <= WhileItBegins; seq++)
        {
            await shop.AddAsync(Stream, Shop.NewItem());
            await clock.UntilAsync(async () => broker.Rows.Any(row => row.Seq == seq) && await OutboxAsync() == 0);
        }

        broker.Forget();
        await HoldAsync();
    }

    public async ValueTask DisposeAsync()
    {
        broker.Release();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task Twenty_thousand_waiting_events_are_kept_in_memory_and_leave_in_order_and_in_batches()
    {
        Commit(20_000);
        broker.Release();

        await Eventually.Is(() => broker.Rows.Count == 1 + 20_000);
        Assert.Equal(Enumerable.Range(1, 20_000).Select(n => (long)-n), broker.Rows.Skip(1).Select(row => row.Id));
        Assert.Equal(256, broker.Published.Max(p => p.Rows.Length));
    }

    [Fact]
    public async Task With_one_more_the_lane_forgets_them_all_and_finds_in_the_table_what_is_left_to_do()
    {
        Commit(20_001);
        await AddAsync(1_200);
        broker.Release();

        await clock.UntilAsync(async () => await OutboxAsync() == 0);
        Assert.Equal(Enumerable.Range(WhileItBegins + 1, 1_201).Select(n => (long)n), broker.Rows.Select(row => row.Seq));
        await shop.AddAsync(Stream, Shop.NewItem());
        // Once, or twice: its commit may fall between the lane's last look at the table and its end.
        await Eventually.Is(() => broker.Rows.Any(row => row.Seq == WhileItBegins + 1_202));
    }

    [Fact]
    public async Task Sixteen_megabytes_are_kept_and_leave_one_big_event_at_a_time()
    {
        Commit(16, bytes: 1024 * 1024);
        broker.Release();

        await Eventually.Is(() => broker.Rows.Count == 1 + 16);
        Assert.Equal(1, broker.Published.Max(p => p.Rows.Length));
    }

    [Fact]
    public async Task More_than_sixteen_megabytes_are_not_kept()
    {
        Commit(17, bytes: 1024 * 1024);
        await AddAsync(1);
        broker.Release();

        await clock.UntilAsync(async () => await OutboxAsync() == 0);
        Assert.Equal([WhileItBegins + 1, WhileItBegins + 2], broker.Rows.Select(row => row.Seq));
    }

    [Fact]
    public async Task A_batch_that_the_broker_does_not_take_is_published_again_with_what_came_since()
    {
        await AddAsync(3);
        broker.Fails = new UnpublishedException("The broker is away.");
        broker.Release();
        var begun = broker.BegunWithRows;
        await Eventually.Is(() => broker.BegunWithRows >= begun + 2);
        await AddAsync(3);
        broker.Fails = null;

        await clock.UntilAsync(async () => await OutboxAsync() == 0);
        Assert.Equal(Enumerable.Range(WhileItBegins + 1, 7).Select(n => (long)n), broker.Rows.Select(row => row.Seq));
    }

    [Fact]
    public async Task Rows_that_never_reached_the_lane_are_found_after_a_while_and_shown_to_the_sockets()
    {
        broker.Release();
        await shop.Database.RunAsync($"""
            insert into shop.outbox(owner_id, lane, event_id, stream, seq, type, subject, data, at)
            select owner_id, {Lanes.Of(Stream, default)}, gen_random_uuid(), '{Stream}', 77, 'item.added', gen_random_uuid(), '{Data}', now() - interval '6 seconds' from shop.outbox_owner
            """);

        await clock.UntilAsync(() => broker.Rows.Any(row => row.Seq == 77));
        Assert.Contains(shop.Live.Delivered, e => e.Seq == 77);
        await clock.UntilAsync(async () => await OutboxAsync() == 0);
    }

    private const string Data = """{"id":"018f0000-0000-7000-8000-000000000002","name":"left"}""";

    /// <summary>The broker has the next event and does not answer.</summary>
    private async Task HoldAsync()
    {
        broker.Hold();
        var begun = broker.BegunWithRows;
        await shop.AddAsync(Stream, Shop.NewItem());
        await Eventually.Is(() => broker.BegunWithRows > begun);
    }

    private async Task AddAsync(int events)
    {
        foreach (var some in Enumerable.Range(0, events).Chunk(100))
        {
            var session = shop.Store.OpenSession();
            foreach (var _ in some)
                session.Append(Stream, new ItemAdded(Guid.CreateVersion7(), "pen"));
            await session.SaveChangesAsync(CancellationToken.None);
        }
    }

    /// <summary>Tells the engine of events with the ids -1, -2, ...</summary>
    private void Commit(int events, int bytes = 0)
    {
        var data = Encoding.UTF8.GetBytes(bytes > 0 ? $"\"{new string('x', bytes - 2)}\"" : Data);
        shop.Services.GetRequiredService<MessageEngine>().Committed(shop.Stores["shop"], [.. Enumerable.Range(1, events).Select(n => new OutboxRow(
            -n, Lanes.Of(Stream, default), Guid.CreateVersion7(), Stream, n, "item.added", Guid.Empty, data, DateTimeOffset.UtcNow, null, null))]);
    }

    private Task<long> OutboxAsync() => shop.Database.ScalarAsync<long>("select count(*) from shop.outbox");
}
