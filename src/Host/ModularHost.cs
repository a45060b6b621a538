using Modular.Kernel.Modules;
using Modular.Kernel.Web;

namespace Modular.Host;

/// <summary>Puts the product together. Several can live in one process, each with its own configuration.</summary>
public static class ModularHost
{
    /// <summary>Every module, in the order they register, migrate and start.</summary>
    public static IReadOnlyList<IModule> Modules() => [];

    /// <summary>Builds the host without starting it; <paramref name="configure"/> runs last, for tests.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var modules = Modules();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddKernelWeb();
        foreach (var module in modules)
        {
            builder.Services.AddSingleton(module);
            module.AddServices(builder);
        }

        configure?.Invoke(builder);
        return builder.Build().UseKernelWeb(modules);
    }
}
