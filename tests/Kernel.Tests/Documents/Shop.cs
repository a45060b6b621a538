using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

public sealed record Item : Document
{
    public Guid ShelfId { get; init; }

    public string Name { get; init; } = "";

    public int Stock { get; init; }

    public int Shown { get; init; }

    public DateTimeOffset? SoldAt { get; init; }
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

/// <summary>Two modules on the real engine and a real Postgres: a shop that stores and tells, a ledger that listens.</summary>
public sealed class Shop : IAsyncDisposable
{
    private readonly bool ownsDatabase;
    private IHost? host;

    private Shop(TestDatabase database, bool owns) => (Database, ownsDatabase) = (database, owns);

    public TestDatabase Database { get; }

    public Sink Live { get; } = new();

    public required Behaviour Behaviour { get; init; }

    public IServiceProvider Services => host!.Services;

    public IDocumentStore Store => Services.GetRequiredKeyedService<IDocumentStore>("shop");

    public IDocumentStore Ledger => Services.GetRequiredKeyedService<IDocumentStore>("ledger");

    internal StoreSet Stores => Services.GetRequiredService<StoreSet>();

    /// <param name="through">Another way to the database than the straight one, as a connection string.</param>
    public static async Task<Shop> OpenAsync(
        TestDatabase? on = null, string? through = null, Behaviour? behaviour = null, Action<Dictionary<string, string?>>? configure = null)
    {
        var shop = new Shop(on ?? await TestDatabase.CreateAsync(), on is null) { Behaviour = behaviour ?? new Behaviour() };
        await shop.StartAsync(configure, through);
        return shop;
    }

    public static Item NewItem(string name = "pen", Guid? shelf = null) =>
        new() { Id = Guid.CreateVersion7(), Name = name, ShelfId = shelf ?? Guid.CreateVersion7(), Stock = 1 };

    /// <summary>Stores the item and appends the event that says so.</summary>
    public async Task<Item> AddAsync(string stream, Item item)
    {
        var session = Store.OpenSession();
        var stored = session.Insert(item);
        session.Append(stream, new ItemAdded(item.Id, item.Name));
        await session.SaveChangesAsync(CancellationToken.None);
        return stored;
    }

    /// <summary>The shop's store once more on the same database, as another replica would have it.</summary>
    internal async Task<DocumentStore> AnotherReplicaAsync()
    {
        var modules = Services.GetServices<ModuleStoreBuilder>().ToArray();
        var options = new DatabaseOptions { ConnectionString = Database.ConnectionString };
        var store = new DocumentStore(
            modules[0], options, ModuleDatabase.Heartbeats(options), Services.GetRequiredService<BusHealth>(), new EventNames(modules.SelectMany(m => m.Events)),
            TimeProvider.System, Services.GetRequiredService<KernelMetrics>(), (_, _) => { }, "second", NullLoggerFactory.Instance);
        await store.Owner.RenewAsync(CancellationToken.None);
        store.Loop.Start();
        return store;
    }

    public async Task StopAsync()
    {
        if (host is null)
            return;
        await host.StopAsync();
        host.Dispose();
        host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        if (ownsDatabase)
            await Database.DisposeAsync();
    }

    private async Task StartAsync(Action<Dictionary<string, string?>>? configure, string? through)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:ConnectionString"] = through ?? Database.ConnectionString };
        configure?.Invoke(settings);
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder.Configuration, settings);
        builder.Services.AddSingleton<ILiveSink>(Live);
        builder.Logging.AddProvider(new TestLog());
        builder.Services.AddSingleton(Behaviour);
        builder.AddModuleStore(new Module("shop"), store => store
            .Document<Item>(t => t
                .Column(i => i.ShelfId).Column(i => i.Name).Instant(i => i.SoldAt).Counter(i => i.Stock).Counter(i => i.Shown)
                .Unique("one_name_a_shelf", i => i.ShelfId, i => i.Name)
                .Index("by_stock", "shelf_id", "stock desc", "id desc"))
            .Event<ItemAdded>().PublishedEvent<ItemWhispered>());
        builder.AddModuleStore(new Module("ledger"), store => store
            .Document<Tally>()
            .Handle<ItemAdded, CountItems>()
            .Handle<ItemAdded, CopyItem>()
            .Handle<ItemWhispered, HearWhisper>());
        builder.AddDocumentEngine();
        host = builder.Build();
        await host.StartAsync();
    }

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

/// <summary>What reaches the sockets.</summary>
public sealed class Sink : ILiveSink
{
    private readonly List<StreamEvent> delivered = [];
    private readonly List<SignalMessage> signals = [];

    public IReadOnlyList<StreamEvent> Delivered
    {
        get
        {
            lock (delivered)
                return [.. delivered];
        }
    }

    public IReadOnlyList<SignalMessage> Signals
    {
        get
        {
            lock (signals)
                return [.. signals];
        }
    }

    public int EpochChanges { get; private set; }

    public bool Fails { get; set; }

    public void Deliver(IReadOnlyList<StreamEvent> events)
    {
        if (Fails)
            throw new InvalidOperationException("The sink fails.");
        lock (delivered)
            delivered.AddRange(events);
    }

    public void EpochChanged(string module) => EpochChanges++;

    public void Signal(SignalMessage signal)
    {
        if (Fails)
            throw new InvalidOperationException("The sink fails.");
        lock (signals)
            signals.Add(signal);
    }
}

/// <summary>How the ledger's handlers behave in a test.</summary>
public sealed class Behaviour
{
    /// <summary>Called by <see cref="CountItems"/> before its work; may throw.</summary>
    public Action<ItemAdded, int>? BeforeCounting { get; set; }

    private int attempts;

    public int Attempt() => Interlocked.Increment(ref attempts);
}

public sealed class CountItems(IDocumentSession session, Behaviour behaviour) : IEventHandler<ItemAdded>
{
    public static readonly Guid TallyId = new("018f0000-0000-7000-8000-00000000000a");

    public async Task HandleAsync(ItemAdded happened, EventContext context, CancellationToken ct)
    {
        behaviour.BeforeCounting?.Invoke(happened, behaviour.Attempt());
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
