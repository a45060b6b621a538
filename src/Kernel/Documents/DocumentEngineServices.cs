using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.Documents;

public static class DocumentEngineServices
{
    /// <summary>
    /// The stores of the modules added so far (call it after them): sessions by scope, keyed stores, streams, lanes. Its
    /// hosted service must be registered before any that uses a store; registering it here, before the host is built, does that.
    /// </summary>
    public static IHostApplicationBuilder AddDocumentEngine(this IHostApplicationBuilder host)
    {
        var services = host.Services;
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database").ValidateDataAnnotations()
            .Validate(o => CanParse(o.ConnectionString), "Database:ConnectionString cannot be read. Give it as Host=…;Username=…;Password=…;Database=….")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<KernelMetrics>();
        services.AddSingleton<StoreSet>();
        services.AddSingleton<IStreams, Streams>();
        services.AddSingleton<IEventAliases, EventAliases>();
        services.AddSingleton<LiveDelivery>();
        services.AddSingleton<HandlerIndex>();
        services.AddSingleton<HandlerDispatcher>();
        services.AddSingleton<BusHealth>();
        services.AddSingleton<EventReceiver>();
        services.AddSingleton<MessageEngine>();
        services.AddSingleton(p => new DeadLetters(p.GetRequiredService<StoreSet>()));
        services.AddSingleton(p => new OwnData(p, p.GetServices<ModuleStoreBuilder>()));
        services.TryAddSingleton<IEventTransport, LocalTransport>();
        services.AddSingleton<DocumentEngine>();
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(p => p.GetRequiredService<DocumentEngine>()));
        services.TryAddScoped<ModuleScope>();
        services.TryAddScoped<RequestScope>();
        services.AddScoped<IDocumentSession>(p =>
        {
            var module = p.GetRequiredService<ModuleScope>().Module
                ?? throw new InvalidOperationException("An IDocumentSession was asked for outside a module's endpoint or handler; take a keyed IDocumentStore instead.");
            return p.GetRequiredService<StoreSet>()[module].OpenSession(p.GetRequiredService<RequestScope>().RequestId);
        });
        var modules = services.Select(s => s.ImplementationInstance).OfType<ModuleStoreBuilder>().Select(m => m.Module).ToArray();
        foreach (var module in modules)
            services.AddKeyedSingleton<IDocumentStore>(module, (p, _) => p.GetRequiredService<StoreSet>()[module]);
        services.AddSignals(modules);
        services.AddHealthChecks()
            .AddCheck<CommitLoopCheck>("commit-loops", tags: ["live"])
            .AddCheck<DatabaseCheck>("database", tags: ["ready"])
            .AddCheck<BusCheck>("bus", tags: ["ready"])
            .AddCheck<EngineStartedCheck>("documents", tags: ["started"]);
        services.AddSingleton<DatabaseCheck>();
        return host;
    }

    /// <summary>Schema and seeds, then stops; the host's <c>migrate</c> command.</summary>
    public static Task MigrateDocumentsAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<DocumentEngine>().MigrateAsync(ct);

    /// <summary>Opens the stores of a host that does not serve, for one piece of work.</summary>
    public static Task WithDocumentsAsync(this IServiceProvider services, Func<CancellationToken, Task> work, CancellationToken ct) =>
        services.GetRequiredService<DocumentEngine>().RunAsync(work, ct);

    private static bool CanParse(string connectionString)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } || connectionString.Length == 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}

/// <summary>What runs beside the requests and ended by itself can only be cured by a restart.</summary>
internal sealed class CommitLoopCheck(StoreSet stores, MessageEngine messages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(stores.All.FirstOrDefault(s => !s.Loop.IsAlive) is { } dead
            ? HealthCheckResult.Unhealthy($"The commit loop of {dead.Module} has ended.")
            : messages.HasFailed ? HealthCheckResult.Unhealthy("A part of the message engine has ended.")
            : HealthCheckResult.Healthy());
}

/// <summary>Unhealthy only after 10 s without the database: a restart of it must not empty the load balancer.</summary>
internal sealed class DatabaseCheck(StoreSet stores, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private long lastSeen = clock.GetTimestamp();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            await stores.All.First().Log.HeadsAsync([], limit.Token);
            Volatile.Write(ref lastSeen, clock.GetTimestamp());
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            var away = clock.GetElapsedTime(Volatile.Read(ref lastSeen));
            return away >= Patience
                ? HealthCheckResult.Unhealthy($"The database has been away for {away.TotalSeconds:0} s.")
                : HealthCheckResult.Degraded("The database does not answer.");
        }
    }
}

internal sealed class EngineStartedCheck(DocumentEngine engine) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(engine.IsStarted ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The stores are starting."));
}
