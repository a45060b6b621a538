using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;

namespace Modular.Kernel.Tests.Documents;

public sealed record Item : Document
{
    public Guid ShelfId { get; init; }

    public string Name { get; init; } = "";

    public int Stock { get; init; }

    public int Shown { get; init; }

    public DateTimeOffset? SoldAt { get; init; }
}

public sealed record Voucher : Document
{
    public DateTimeOffset? GoodUntil { get; init; }
}

public sealed record Tally : Document
{
    public int Count { get; init; }

    public long LastSeq { get; init; }
}

[Event("item.added")]
public sealed record ItemAdded(Guid Id, string Name) : IEvent
{
    Guid IEvent.Subject => Id;
}

[Event("item.whispered")]
public sealed record ItemWhispered(Guid Id) : IEvent
{
    Guid IEvent.Subject => Id;
}

/// <summary>How the ledger's handlers behave in a test.</summary>
public sealed class Behaviour
{
    /// <summary>Called by <see cref="CountItems"/> before its work; may throw.</summary>
    public Action<ItemAdded, int>? BeforeCounting { get; set; }

    /// <summary>Called with what <see cref="CountItems"/> was told of the event.</summary>
    public Action<EventContext>? Seen { get; set; }

    private int attempts;

    public int Attempts => Volatile.Read(ref attempts);

    public int Attempt() => Interlocked.Increment(ref attempts);
}

public sealed class CountItems(IDocumentSession session, Behaviour behaviour) : IEventHandler<ItemAdded>
{
    public static readonly Guid TallyId = new("018f0000-0000-7000-8000-00000000000a");

    public async Task HandleAsync(ItemAdded happened, EventContext context, CancellationToken ct)
    {
        var attempt = behaviour.Attempt();
        behaviour.BeforeCounting?.Invoke(happened, attempt);
        behaviour.Seen?.Invoke(context);
        var tally = await session.LoadAsync<Tally>(TallyId, ct);
        if (tally is null)
            session.Insert(new Tally { Id = TallyId, Count = 1, LastSeq = context.Seq });
        else
            session.Store(tally with { Count = tally.Count + 1, LastSeq = Math.Max(tally.LastSeq, context.Seq) });
    }
}

public sealed class CopyItem(IDocumentSession session) : IEventHandler<ItemAdded>
{
    public async Task HandleAsync(ItemAdded happened, EventContext context, CancellationToken ct)
    {
        if (await session.LoadAsync<Tally>(happened.Id, ct) is null)
            session.Insert(new Tally { Id = happened.Id, LastSeq = context.Seq });
    }
}

public sealed class HearWhisper(IDocumentSession session) : IEventHandler<ItemWhispered>
{
    public Task HandleAsync(ItemWhispered happened, EventContext context, CancellationToken ct)
    {
        session.Insert(new Tally { Id = happened.Id, Count = 7 });
        return Task.CompletedTask;
    }
}

/// <summary>Counts as <see cref="CountItems"/> does, for a second module.</summary>
public sealed class MirrorItems(IDocumentSession session) : IEventHandler<ItemAdded>
{
    public async Task HandleAsync(ItemAdded happened, EventContext context, CancellationToken ct)
    {
        if (await session.LoadAsync<Tally>(CountItems.TallyId, ct) is { } tally)
            session.Store(tally with { Count = tally.Count + 1 });
        else
            session.Insert(new Tally { Id = CountItems.TallyId, Count = 1 });
    }
}

internal static class ShopModules
{
    /// <summary>A shop that stores and tells, a ledger that listens.</summary>
    public static void AddShop(this IHostApplicationBuilder builder)
    {
        builder.AddModuleStore(new Module("shop"), store => store
            .Document<Item>(t => t
                .Column(i => i.ShelfId).Column(i => i.Name).Instant(i => i.SoldAt).Counter(i => i.Stock).Counter(i => i.Shown)
                .Unique("one_name_a_shelf", i => i.ShelfId, i => i.Name)
                .Index("by_stock", "shelf_id", "stock desc", "id desc"))
            .Document<Voucher>(t => t.KeptUntil(v => v.GoodUntil))
            .Event<ItemAdded>().PublishedEvent<ItemWhispered>());
        builder.AddModuleStore(new Module("ledger"), store => store
            .Document<Tally>()
            .Handle<ItemAdded, CountItems>()
            .Handle<ItemAdded, CopyItem>()
            .Handle<ItemWhispered, HearWhisper>());
    }

    /// <summary>A second listener.</summary>
    public static void AddMirror(this IHostApplicationBuilder builder) =>
        builder.AddModuleStore(new Module("mirror"), store => store.Document<Tally>().Handle<ItemAdded, MirrorItems>());

    private sealed class Module(string name) : IModule
    {
        public string Name => name;

        public void AddServices(IHostApplicationBuilder host)
        {
        }

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }
}
