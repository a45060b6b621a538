using Modular.Kernel.Modules;

namespace Modular.Kernel.Messaging;

/// <summary>Which handlers want an event, by its wire name, and whose events a module handles.</summary>
internal sealed class HandlerIndex
{
    private readonly ILookup<string, HandlerPlan> byEvent;
    private readonly Dictionary<(string Module, string Name, string Event), HandlerPlan> byName;

    public HandlerIndex(IEnumerable<ModuleStoreBuilder> modules)
    {
        var declared = modules.ToArray();
        // Several may publish one type, for example what a person is told: each of them is a source.
        var sources = declared.SelectMany(m => m.Events.Select(e => (Event: e, m.Module))).ToLookup(s => s.Event, s => s.Module);
        var handlers = declared.SelectMany(m => m.Handlers).ToArray();
        byEvent = handlers.ToLookup(h => h.EventName, StringComparer.Ordinal);
        byName = handlers.ToDictionary(h => (h.Module, h.Name, h.EventName));
        Routes = [.. handlers.SelectMany(h => sources[h.EventType].Select(source => new EventRoute(h.Module, source))).Distinct()];
    }

    /// <summary>One a (consuming module, source module): what a broker keeps a queue for.</summary>
    public IReadOnlyCollection<EventRoute> Routes { get; }

    public IEnumerable<HandlerPlan> For(string eventName) => byEvent[eventName];

    public IEnumerable<HandlerPlan> Of(string module, string eventName) => byEvent[eventName].Where(h => h.Module.Equals(module, StringComparison.Ordinal));

    /// <summary>Null when this version has no such handler any more.</summary>
    public HandlerPlan? Find(string module, string name, string eventName) => byName.GetValueOrDefault((module, name, eventName));
}

internal sealed record EventRoute(string Consumer, string Source);
