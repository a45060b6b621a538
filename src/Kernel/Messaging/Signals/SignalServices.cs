using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Kernel.Messaging.Signals;

internal static class SignalServices
{
    /// <summary>Signals of this process; an <see cref="ISignalTransport"/>, if one is registered, takes them to others.</summary>
    public static void AddSignals(this IServiceCollection services, IEnumerable<string> modules)
    {
        services.AddSingleton<SignalRelay>().AddHostedService(p => p.GetRequiredService<SignalRelay>());
        services.AddSingleton<IRevocations, Revocations>();
        services.AddScoped(p => p.GetRequiredKeyedService<ISignals>(p.GetRequiredService<ModuleScope>().Module
            ?? throw new InvalidOperationException("ISignals was asked for outside a module's endpoint or handler; take it keyed by the module's name instead.")));
        foreach (var module in modules)
            services.AddKeyedSingleton<ISignals>(module, (p, _) => new ModuleSignals(module, p.GetRequiredService<SignalRelay>()));
    }
}
