using System.Reflection;
using Modular.Kernel.Web;

namespace Modular.Kernel.Messaging;

/// <summary>The wire names of the declared event types, both ways.</summary>
internal sealed class EventNames
{
    private readonly Dictionary<Type, string> names = [];

    public EventNames(IEnumerable<Type> events)
    {
        foreach (var type in events.Distinct())
        {
            names[type] = type.GetCustomAttribute<EventAttribute>()?.Name
                ?? throw new RefusedToRunException($"The event {type} has no [Event(\"name\")]: it needs a stable wire name.");
        }
    }

    public string Of(Type happened) => names.TryGetValue(happened, out var name)
        ? name
        : throw new InvalidOperationException($"{happened} is declared by no module; add store.Event<{happened.Name}>().");
}
