using Modular.Kernel.Modules;

namespace Modular.Kernel.Messaging;

/// <summary>Which handlers of all modules want an event, by its wire name.</summary>
internal sealed class HandlerIndex(IEnumerable<ModuleStoreBuilder> modules)
{
    private readonly ILookup<string, HandlerPlan> handlers =
        modules.SelectMany(m => m.Handlers).ToLookup(h => h.EventName, StringComparer.Ordinal);

    public IEnumerable<HandlerPlan> For(string eventName) => handlers[eventName];
}
