using Modular.Kernel.Messaging;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;

namespace Modular.Kernel.Tests.Observability;

/// <summary>What the operator is shown happened, and nothing else.</summary>
public sealed class MeasuringTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private Shop shop = null!;
    private Measured measured = null!;

    public async ValueTask InitializeAsync()
    {
        shop = await Shop.OpenAsync(clock: clock);
        measured = new Measured(shop.Services);
        await Eventually.Is(() => measured.Now("modular.lane.catching_up") == 0);
        // On the one side connection, behind the lanes' last look at what was there before.
        await shop.Store.HoldLeaseAsync("caught up", TimeSpan.FromSeconds(1), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        measured.Dispose();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task What_a_handler_holds_up_shows_as_outbox_and_lane_and_goes_when_it_goes_on()
    {
        using var held = new ManualResetEventSlim();
        shop.Behaviour.BeforeCounting = (_, _) => held.Wait();
        for (var i = 0; i < 3; i++)
            await shop.AddAsync("shop/a", Shop.NewItem());

        await Outbox.LookAsync(count: false, CancellationToken.None);
        measured.Now("modular.outbox.depth", ("module", "shop")).ShouldBe(3);
        await Eventually.Is(() => measured.Now("modular.lane.queued", ("module", "shop")) <= 2, what: "the first one at least is under way");
        await Eventually.Is(async () =>
        {
            await Outbox.LookAsync(count: false, CancellationToken.None);
            return measured.Now("modular.outbox.oldest_age", ("module", "shop")) > 0.1;
        });

        held.Set();
        await clock.UntilAsync(() => measured.Now("modular.outbox.depth", ("module", "shop")) == 0);
        await Outbox.LookAsync(count: false, CancellationToken.None);
        measured.Now("modular.outbox.oldest_age", ("module", "shop")).ShouldBe(0);
        measured.Sum("modular.publish.batch_size", ("module", "shop")).ShouldBe(3);
        measured.Sum("modular.outbox.rescued").ShouldBe(0);
        await Eventually.Is(() => measured.Now("modular.lane.catching_up") == 0);
    }

    [Fact]
    public async Task A_count_that_went_wrong_is_put_right_by_the_table()
    {
        Outbox.Added(5);
        measured.Now("modular.outbox.depth", ("module", "shop")).ShouldBe(5);
        await Outbox.LookAsync(count: true, CancellationToken.None);
        measured.Now("modular.outbox.depth", ("module", "shop")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_that_no_lane_knows_of_is_counted_as_rescued()
    {
        await shop.Database.RunAsync("""
            insert into shop.streams values ('shop/forgotten', 1);
            insert into shop.events(stream, seq, event_id, type, subject, data, at)
              values ('shop/forgotten', 1, '018f0000-0000-7000-8000-000000000001', 'item.added', '018f0000-0000-7000-8000-000000000002',
                      '{"id":"018f0000-0000-7000-8000-000000000002","name":"forgotten"}', now());
            insert into shop.outbox(owner_id, lane, event_id, stream, seq, type, subject, at)
              select owner_id, 0, '018f0000-0000-7000-8000-000000000001', 'shop/forgotten', 1, 'item.added',
                     '018f0000-0000-7000-8000-000000000002', now() - interval '6 seconds' from shop.outbox_owner;
            """);
        await clock.UntilAsync(() => measured.Sum("modular.outbox.rescued", ("module", "shop")) == 1);
    }

    [Fact]
    public async Task Tries_failures_and_dead_letters_of_handlers_are_counted()
    {
        shop.Behaviour.BeforeCounting = (happened, _) =>
        {
            if (happened.Name == "poison")
                throw new InvalidOperationException("never");
        };
        await shop.AddAsync("shop/a", Shop.NewItem("poison"));
        await shop.AddAsync("shop/b", Shop.NewItem("fine"));

        await clock.UntilAsync(() => measured.Sum("modular.dead_letters", ("module", "ledger")) == 1);
        measured.Sum("modular.handler.failures", ("handler", nameof(CountItems))).ShouldBe(4);
        await Eventually.Is(() => measured.Values("modular.handler.duration", ("handler", nameof(CopyItem))).Count == 2
            && measured.Values("modular.handler.duration", ("handler", nameof(CountItems))).Count >= 1);
        measured.Values("modular.handler.duration", ("handler", nameof(CountItems))).ShouldHaveSingleItem().ShouldBeGreaterThan(0);
    }

    private OutboxCount Outbox => shop.Stores["shop"].Outbox;
}
