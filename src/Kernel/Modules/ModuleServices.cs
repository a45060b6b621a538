using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Modular.Kernel.Modules;

public static class ModuleServices
{
    /// <summary>Gives the module a document store in a schema of its name. Once a module, from its <see cref="IModule.AddServices"/>.</summary>
    public static IHostApplicationBuilder AddModuleStore(this IHostApplicationBuilder host, IModule module, Action<ModuleStoreBuilder> declare)
    {
        var builder = new ModuleStoreBuilder(host.Services, module.Name);
        declare(builder);
        host.Services.AddSingleton(builder);
        return host;
    }
}
