using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents.Schema;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>
/// Runs the stores: schema, ownership of the outbox, commit loops, seeds, lanes; and stops them so that nothing
/// accepted is lost. Starts before anything else of the host serves and stops after all of it.
/// </summary>
internal sealed class DocumentEngine(
    StoreSet stores, IEnumerable<ModuleStoreBuilder> modules, MessageEngine messages, LiveDelivery live, IEventTransport transport,
    IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, TimeProvider clock, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ILogger logger = loggers.CreateLogger<DocumentEngine>();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> background = [];

    public bool IsStarted { get; private set; }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartStoresAsync(options.Value.MigrateAtStart, serves: true, cancellationToken);
            await messages.StartAsync(cancellationToken);
        }
        catch
        {
            // A host that does not start must not look alive to the next one.
            await StopStoresAsync();
            throw;
        }

        foreach (var store in stores.All)
            background.Add(new Retention(store, clock, loggers.CreateLogger<Retention>()).RunUntilAsync(stop.Token));
        IsStarted = true;
    }

    /// <summary>Schema and seeds only; what <c>host migrate</c> does.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await StartStoresAsync(migrate: true, serves: false, ct);
        await StopStoresAsync();
    }

    /// <summary>For a command that writes and does not serve. What it publishes is told by a host that does.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await StartStoresAsync(options.Value.MigrateAtStart, serves: false, ct);
            await work(ct);
        }
        finally
        {
            await StopStoresAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => StopStoresAsync();

    public ValueTask DisposeAsync()
    {
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartStoresAsync(bool migrate, bool serves, CancellationToken ct)
    {
        await new DatabaseAtStart(options.Value, clock, logger).WaitAsync(ct);
        var migrator = new Migrator(options.Value, loggers.CreateLogger<Migrator>());
        if (migrate)
            await migrator.RunAsync(stores.All, seeding => SeedAsync(serves, seeding), ct);
        else
            await OpenAsync(serves, ct);
    }

    private async Task SeedAsync(bool serves, CancellationToken ct)
    {
        await OpenAsync(serves, ct);
        foreach (var module in modules)
        {
            foreach (var seed in module.Seeds)
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<ModuleScope>().Module = module.Module;
                await ((ISeed)scope.ServiceProvider.GetRequiredService(seed)).RunAsync(ct);
            }
        }
    }

    /// <param name="serves">Not so, it only migrates: its rows are left to whoever serves, and it is in nobody's way.</param>
    private async Task OpenAsync(bool serves, CancellationToken ct)
    {
        foreach (var store in stores.All)
        {
            store.Database.EpochChanged = live.EpochChanged;
            await store.Owner.RegisterAsync(alone: serves && transport.IsAlone, ct);
            if (serves)
                background.Add(store.Owner.BeatUntilAsync(stop.Token));
            await store.Log.HeadsAsync([], ct);
        }

        if (serves)
            await Task.WhenAll(stores.All.Select(s => s.Owner.RefuseIfSeparateAsync(ct)));
        stores.Committed = messages.Committed;
        foreach (var store in stores.All)
            store.Loop.Start();
    }

    /// <summary>What is committed is told first, while the loops that handlers commit through still run.</summary>
    private async Task StopStoresAsync()
    {
        using (var hurry = new CancellationTokenSource(Patience, clock))
            await messages.FlushAsync(hurry.Token);
        foreach (var store in stores.All)
            await store.Loop.StopAsync(Patience);
        await stop.CancelAsync();
        foreach (var task in background)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using (var hurry = new CancellationTokenSource(Patience, clock))
            await messages.StopAsync(hurry.Token);
        await Task.WhenAll(stores.All.Select(ReleaseAsync));
    }

    private async Task ReleaseAsync(DocumentStore store)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await store.Owner.ReleaseAsync(patience.Token);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            logger.LogWarning("{Module} could not say that it leaves; its rows are taken over after {Silence}: {Reason}", store.Module, OutboxOwner.Silence, e.Message);
        }
    }
}
