using System.Reflection;
using Modular.Kernel.Modules;

namespace Modular.Kernel.Messaging;

/// <summary>What clients of the plain socket call an event, where that is another name than everybody else's.</summary>
public interface IEventAliases
{
    /// <param name="eventType">The name on the wire, for example <c>question.asked</c>.</param>
    /// <returns>Null where it has no other name.</returns>
    string? Of(string eventType);
}

internal sealed class EventAliases(IEnumerable<ModuleStoreBuilder> modules) : IEventAliases
{
    // Asked for each event that is sent, so it is made once.
    private readonly Dictionary<string, string> aliases = modules
        .SelectMany(m => m.Events).Distinct()
        .Select(e => e.GetCustomAttribute<EventAttribute>())
        .OfType<EventAttribute>().Where(e => e.Alias is not null)
        .ToDictionary(e => e.Name, e => e.Alias!, StringComparer.Ordinal);

    public string? Of(string eventType) => aliases.GetValueOrDefault(eventType);
}
