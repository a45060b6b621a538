using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>The stores of all modules, in the host's order.</summary>
internal sealed class StoreSet : IAsyncDisposable
{
    private readonly Dictionary<string, DocumentStore> stores = new(StringComparer.Ordinal);
    private readonly NpgsqlDataSource heartbeats;

    public StoreSet(IEnumerable<ModuleStoreBuilder> modules, IOptions<DatabaseOptions> options, TimeProvider clock, KernelMetrics metrics, BusHealth bus, ILoggerFactory loggers)
    {
        var declared = modules.ToArray();
        var names = new EventNames(declared.SelectMany(m => m.Events));
        var instance = $"{Environment.MachineName}, process {Environment.ProcessId}";
        heartbeats = ModuleDatabase.Heartbeats(options.Value);
        foreach (var module in declared)
        {
            stores.Add(module.Module, new DocumentStore(
                module, options.Value, heartbeats, bus, names, clock, metrics, (store, rows) => Committed?.Invoke(store, rows), instance, loggers));
        }
    }

    /// <summary>Called in a store's commit order, before its callers are answered. Must return at once.</summary>
    public Action<DocumentStore, List<OutboxRow>>? Committed { get; set; }

    public IReadOnlyCollection<DocumentStore> All => stores.Values;

    public DocumentStore this[string module] => stores.TryGetValue(module, out var store)
        ? store
        : throw new InvalidOperationException($"The module {module} has no document store.");

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores.Values)
            await store.DisposeAsync();
        await heartbeats.DisposeAsync();
    }
}
