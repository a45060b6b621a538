using Microsoft.Extensions.DependencyInjection;

namespace Modular.Kernel.Modules;

/// <summary>What all modules hold of one person.</summary>
public sealed class OwnData
{
    private readonly IServiceProvider services;
    private readonly string[] modules;

    internal OwnData(IServiceProvider services, IEnumerable<ModuleStoreBuilder> stores) =>
        (this.services, modules) = (services, [.. stores.Where(s => s.Personal is not null).Select(s => s.Module)]);

    /// <summary>By module, in the host's order; to be written before it is asked for again, because long members are read then.</summary>
    public async Task<IReadOnlyDictionary<string, object>> OfAsync(Guid person, CancellationToken ct)
    {
        var held = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var module in modules)
            held.Add(module, await services.GetRequiredKeyedService<IPersonalData>(module).OfAsync(person, ct));
        return held;
    }
}
