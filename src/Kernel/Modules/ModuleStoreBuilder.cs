using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.Modules;

/// <summary>What a module declares of its store: documents, events, who may read its streams, handlers, seeds.</summary>
public sealed class ModuleStoreBuilder
{
    private readonly IServiceCollection services;

    internal ModuleStoreBuilder(IServiceCollection services, string module) => (this.services, Module) = (services, module);

    internal string Module { get; }

    internal List<TablePlan> Tables { get; } = [];

    internal List<HandlerPlan> Handlers { get; } = [];

    internal List<Type> Events { get; } = [];

    /// <summary>The declared events that may stand on a stream, so that somebody must say who reads it.</summary>
    internal List<Type> StreamEvents { get; } = [];

    /// <summary>Event types of this module that others append to their streams for it; neither appended nor published by itself.</summary>
    internal List<Type> Relayed { get; } = [];

    internal List<Type> Seeds { get; } = [];

    internal Type? Authorizer { get; private set; }

    internal Type? Personal { get; private set; }

    /// <summary>Why there is nothing personal in the store.</summary>
    internal string? Impersonal { get; private set; }

    public ModuleStoreBuilder Document<T>(Action<DocumentTable<T>>? declare = null) where T : Document
    {
        var table = new DocumentTable<T>();
        declare?.Invoke(table);
        Tables.Add(table.Build(Module));
        return this;
    }

    /// <summary>An event type this module appends to its streams. It needs an <see cref="EventAttribute"/>, the module an authorizer (<see cref="Streams{T}"/>).</summary>
    public ModuleStoreBuilder Event<T>() where T : IEvent
    {
        StreamEvents.Add(typeof(T));
        return PublishedEvent<T>();
    }

    /// <summary>An event type this module only publishes to handlers.</summary>
    public ModuleStoreBuilder PublishedEvent<T>() where T : IEvent
    {
        Events.Add(typeof(T));
        return this;
    }

    /// <summary>An event type of this module that another one tells for it, on a stream of its own (see <see cref="Messaging.RelayedEvent"/>).</summary>
    public ModuleStoreBuilder RelayedEvent<T>() where T : IEvent
    {
        Relayed.Add(typeof(T));
        return this;
    }

    /// <summary>Who may read streams that start with this module's name.</summary>
    public ModuleStoreBuilder Streams<TAuthorizer>() where TAuthorizer : class, IStreamAuthorizer
    {
        Authorizer = typeof(TAuthorizer);
        services.AddKeyedSingleton<IStreamAuthorizer, TAuthorizer>(Module);
        return this;
    }

    /// <summary>Which of this module's streams are followed by whoever is in a room.</summary>
    public ModuleStoreBuilder RoomStreams<T>() where T : class, IRoomStreams
    {
        services.AddSingleton<IRoomStreams, T>();
        return this;
    }

    /// <summary>Handles an event in this module. The handler's class name is its inbox key, so it is stable.</summary>
    public ModuleStoreBuilder Handle<TEvent, THandler>() where TEvent : IEvent where THandler : class, IEventHandler<TEvent>
    {
        services.AddScoped<THandler>();
        var name = typeof(TEvent).GetCustomAttribute<EventAttribute>()?.Name
            ?? throw new InvalidOperationException($"{typeof(TEvent)} has no [Event(\"name\")], so nothing can be delivered to {typeof(THandler).Name}.");
        Handlers.Add(new HandlerPlan(Module, typeof(THandler).Name, name, typeof(TEvent),
            (scope, happened, context, ct) => scope.GetRequiredService<THandler>().HandleAsync((TEvent)happened, context, ct)));
        return this;
    }

    /// <summary>What this module holds of a person, for their export.</summary>
    public ModuleStoreBuilder PersonalData<T>() where T : class, IPersonalData
    {
        Personal = typeof(T);
        services.AddKeyedSingleton<IPersonalData, T>(Module);
        return this;
    }

    /// <summary>This store holds nothing of any person.</summary>
    /// <param name="why">For whoever wonders later whether that is still so.</param>
    public ModuleStoreBuilder NoPersonalData(string why)
    {
        Impersonal = why;
        return this;
    }

    /// <summary>Runs at every migration, after the tables, under the migration lock and before anyone serves. Must be repeatable.</summary>
    public ModuleStoreBuilder Seed<TSeed>() where TSeed : class, ISeed
    {
        services.AddTransient<TSeed>();
        Seeds.Add(typeof(TSeed));
        return this;
    }
}

/// <summary>What must exist before anyone serves, for example the lobby.</summary>
public interface ISeed
{
    Task RunAsync(CancellationToken ct);
}

internal sealed record HandlerPlan(
    string Module, string Name, string EventName, Type EventType, Func<IServiceProvider, IEvent, EventContext, CancellationToken, Task> Invoke);
