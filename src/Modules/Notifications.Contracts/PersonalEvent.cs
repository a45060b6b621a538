using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;

namespace Modular.Notifications.Contracts;

/// <summary>
/// Publish it to tell one person something: they, and nobody else, find it on <c>notifications/{userId}</c> under the name and
/// with the data of what it was made of. It is redacted with the person, not with what it is about: it carries ids, not texts.
/// </summary>
[Event("person.told")]
public sealed record PersonalEvent : IEvent
{
    [JsonConstructor]
    private PersonalEvent(Guid userId, string type, JsonElement data) => (UserId, Type, Data) = (userId, type, data);

    public Guid UserId { get; }

    /// <summary>The wire name of what the person is told.</summary>
    public string Type { get; }

    public JsonElement Data { get; }

    Guid IEvent.Subject => UserId;

    /// <summary>The module declares the type with <see cref="PersonalEvents.PersonalEvent{T}"/>.</summary>
    public static PersonalEvent Of<T>(Guid userId, T told) where T : IEvent => new(
        userId,
        typeof(T).GetCustomAttribute<EventAttribute>()?.Name ?? throw new InvalidOperationException($"{typeof(T)} has no [Event(\"name\")]."),
        JsonSerializer.SerializeToElement(told, ModularJson.Options));
}

public static class PersonalEvents
{
    /// <summary>An event type that this module tells single persons by publishing <see cref="Contracts.PersonalEvent"/>.</summary>
    public static ModuleStoreBuilder PersonalEvent<T>(this ModuleStoreBuilder store) where T : IEvent =>
        store.RelayedEvent<T>().PublishedEvent<PersonalEvent>();
}
