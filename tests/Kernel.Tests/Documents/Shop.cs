using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Modular.Kernel.Documents;
using Modular.Kernel.MassTransit;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Testing;

namespace Modular.Kernel.Tests.Documents;

/// <summary>Two modules on the real engine and a real Postgres; on a broker several of these are replicas, with a third module.</summary>
public sealed class Shop : IAsyncDisposable
{
    /// <summary>For what is not about the end of patience: only a failure takes this long, however much else the machine has to do.</summary>
    private const int LongMs = 60_000;

    private readonly bool ownsDatabase;
    private readonly TimeProvider? clock;
    private IHost? host;

    private Shop(TestDatabase database, bool owns, TimeProvider? clock) => (Database, ownsDatabase, this.clock) = (database, owns, clock);

    public TestDatabase Database { get; }

    public Sink Live { get; } = new();

    public required Behaviour Behaviour { get; init; }

    public IServiceProvider Services => host!.Services;

    public IDocumentStore Store => Services.GetRequiredKeyedService<IDocumentStore>("shop");

    public IDocumentStore Ledger => Services.GetRequiredKeyedService<IDocumentStore>("ledger");

    internal StoreSet Stores => Services.GetRequiredService<StoreSet>();

    /// <param name="through">Another way to the database than the straight one, as a connection string.</param>
    /// <param name="bus">The broker; without one it serves alone.</param>
    /// <param name="transport">Instead of either.</param>
    internal static async Task<Shop> OpenAsync(
        TestDatabase? on = null, string? through = null, Behaviour? behaviour = null, Action<Dictionary<string, string?>>? configure = null, string? bus = null,
        IEventTransport? transport = null, TimeProvider? clock = null)
    {
        var shop = new Shop(on ?? await TestDatabase.CreateAsync(like: MigratedShop.Database), on is null, clock) { Behaviour = behaviour ?? new Behaviour() };
        await shop.StartAsync(configure, through, bus, transport);
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
        var options = new DatabaseOptions { ConnectionString = Database.ConnectionString, QueueTimeoutMs = LongMs, OutcomeTimeoutMs = LongMs };
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

    /// <summary>Where a test says how time passes, it does so now: a stop waits for some things, and for none of them forever.</summary>
    public async ValueTask DisposeAsync()
    {
        var stopping = StopAsync();
        if (clock is ManualClock manual)
            await manual.UntilAsync(() => stopping.IsCompleted);
        await stopping;
        if (ownsDatabase)
            await Database.DisposeAsync();
    }

    private async Task StartAsync(Action<Dictionary<string, string?>>? configure, string? through, string? bus, IEventTransport? transport)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:ConnectionString"] = through ?? Database.ConnectionString,
            ["Database:QueueTimeoutMs"] = $"{LongMs}",
            ["Database:OutcomeTimeoutMs"] = $"{LongMs}",
            ["Database:MigrateAtStart"] = $"{!ownsDatabase || bus is not null}",
            ["Bus:Url"] = bus,
        };
        configure?.Invoke(settings);
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder.Configuration, settings);
        builder.Services.AddSingleton<ILiveSink>(Live);
        builder.Logging.AddProvider(new TestLog());
        builder.Services.AddSingleton(Behaviour);
        if (transport is not null)
            builder.Services.AddSingleton(transport);
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.AddShop();
        if (bus is not null)
        {
            builder.AddMirror();
            builder.AddRabbitMq();
        }

        builder.AddDocumentEngine();
        host = builder.Build();
        await host.StartAsync();
    }
}
