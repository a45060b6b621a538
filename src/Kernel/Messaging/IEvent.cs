namespace Modular.Kernel.Messaging;

/// <summary>
/// Something that happened, told to others. A record with an <see cref="EventAttribute"/>; its JSON is the
/// event's <c>data</c> on every wire, so it only grows. Implement <see cref="Subject"/> explicitly so that it
/// stays out of the JSON.
/// </summary>
public interface IEvent
{
    /// <summary>What it is about, for example the question's id. Events of one subject can be redacted together.</summary>
    Guid Subject { get; }
}

/// <summary>The stable wire name of an event type, for example <c>question.asked</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>The name clients of the plain socket know it by, where it is another one.</summary>
    public string? Alias { get; init; }
}
