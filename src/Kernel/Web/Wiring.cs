using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Modules;
using Modular.Kernel.Web.Limits;

namespace Modular.Kernel.Web;

/// <summary>What is missing between the parts, a sentence each; the host refuses to run half-wired.</summary>
public static partial class Wiring
{
    public static IReadOnlyList<string> Problems(IServiceProvider services, IEnumerable<EndpointDataSource> endpoints, IReadOnlyList<IModule> modules) =>
    [
        .. Names(modules),
        .. Undecided(endpoints.SelectMany(source => source.Endpoints)),
        .. Limits(endpoints.SelectMany(source => source.Endpoints), [.. services.GetServices<DeclaredLimit>()]),
        .. Events([.. Assemblies(modules).SelectMany(a => a.GetTypes())], [.. services.GetServices<ModuleStoreBuilder>()]),
        .. PersonalData(services.GetServices<ModuleStoreBuilder>()),
    ];

    internal static IEnumerable<string> Names(IReadOnlyList<IModule> modules)
    {
        foreach (var module in modules.Where(m => !Name().IsMatch(m.Name)))
            yield return $"The module name '{module.Name}' must consist of lower-case letters.";
        foreach (var twice in modules.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"Two modules are called '{twice.Key}'.";
    }

    internal static IEnumerable<string> Undecided(IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
            && endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        select $"{Words(endpoint)} has no authorization decision: RequireAuthorization, AllowGuests or AllowAnonymous.";

    internal static IEnumerable<string> Limits(IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints, IReadOnlyCollection<DeclaredLimit> declared)
    {
        foreach (var twice in declared.GroupBy(l => l.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"The limit '{twice.Key}' is declared twice.";
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<LimitMetadata>() is { } limit && declared.All(d => d.Name != limit.Name))
                yield return $"{Words(endpoint)} is limited by '{limit.Name}', which no module declares: AddLimit(\"{limit.Name}\", …).";
            if (endpoint.Metadata.GetMetadata<GuestsAllowedMetadata>() is not null && declared.All(d => d.Name != RateLimits.Guests))
                yield return $"{Words(endpoint)} makes guests, and no module declares how many: AddLimit(\"{RateLimits.Guests}\", …).";
        }
    }

    private static string Words(RouteEndpoint endpoint) =>
        $"{string.Join(", ", endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any verb"])} {endpoint.RoutePattern.RawText}";

    internal static IEnumerable<string> Events(IReadOnlyCollection<Type> types, IReadOnlyCollection<ModuleStoreBuilder> stores)
    {
        var events = types.Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IEvent))).ToList();
        var told = stores.SelectMany(s => s.Events).ToHashSet();
        var declared = told.Union(stores.SelectMany(s => s.Relayed)).ToHashSet();
        foreach (var nameless in events.Union(declared).Where(t => WireName(t) is null))
            yield return $"The event {nameless} has no [Event(\"name\")].";
        var called = events.Union(declared).SelectMany(WireNames, (type, name) => (type, name)).GroupBy(n => n.name, n => n.type, StringComparer.Ordinal);
        foreach (var twice in called.Where(g => g.Count() > 1))
            yield return $"Several events are called '{twice.Key}': {string.Join(", ", twice)}.";
        foreach (var unknown in events.Except(declared))
            yield return $"The event {unknown} is declared by no module: its owner's store needs .Event<{unknown.Name}>(), .PublishedEvent<{unknown.Name}>() or .RelayedEvent<{unknown.Name}>().";
        foreach (var unread in stores.Where(s => s.StreamEvents.Count > 0 && s.Authorizer is null))
            yield return $"Nobody says who may read the streams of {unread.Module}: its store needs .Streams<TAuthorizer>().";
        foreach (var handler in stores.SelectMany(s => s.Handlers).Where(h => !told.Contains(h.EventType)))
            yield return $"{handler.Name} of {handler.Module} handles {handler.EventName}, which no module declares{(declared.Contains(handler.EventType) ? " but to be relayed" : "")}.";
    }

    internal static IEnumerable<string> PersonalData(IEnumerable<ModuleStoreBuilder> stores)
    {
        foreach (var store in stores)
        {
            if (store.Personal is null && string.IsNullOrWhiteSpace(store.Impersonal))
                yield return $"Nobody says what {store.Module} holds of a person: its store needs .PersonalData<T>() or .NoPersonalData(\"why\").";
            if (store.Personal is not null && store.Impersonal is not null)
                yield return $"{store.Module} says both that it holds something of a person and that it does not.";
        }
    }

    private static string? WireName(Type type) => type.GetCustomAttribute<EventAttribute>()?.Name;

    /// <summary>Its name, and its other one at the plain socket: what is sent there under either must be clear.</summary>
    private static IEnumerable<string> WireNames(Type type) =>
        type.GetCustomAttribute<EventAttribute>() is not { } named ? [] : named.Alias is { } alias ? [named.Name, alias] : [named.Name];

    private static IEnumerable<Assembly> Assemblies(IEnumerable<IModule> modules)
    {
        var own = modules.Select(m => m.GetType().Assembly).Distinct().ToList();
        var contracts = own.SelectMany(a => a.GetReferencedAssemblies())
            .Where(name => name.Name?.EndsWith(".Contracts", StringComparison.Ordinal) == true)
            .Select(Assembly.Load);
        return own.Concat(contracts).Distinct();
    }

    [GeneratedRegex("^[a-z]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
