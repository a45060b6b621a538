using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;

namespace Modular.Kernel.Web;

public static class KernelWeb
{
    /// <summary>What every request stands on. Modules register after it.</summary>
    public static IHostApplicationBuilder AddKernelWeb(this IHostApplicationBuilder host)
    {
        WebSettings.Add(host);
        host.Services.TryAddSingleton(TimeProvider.System);
        host.Services.TryAddScoped<ModuleScope>();
        host.Services.TryAddScoped<RequestScope>();
        host.Services.ConfigureHttpJsonOptions(o => ModularJson.Apply(o.SerializerOptions));
        host.Services.AddAuthentication();
        host.Services.AddAuthorization();
        host.Services.AddRouting();
        return host;
    }

    /// <summary>Lays the request pipeline and maps the modules and what the Kernel itself answers.</summary>
    public static WebApplication UseKernelWeb(this WebApplication app, IReadOnlyList<IModule> modules)
    {
        app.UseMiddleware<RequestIds>();
        app.UseRouting();
        app.Use(ModuleEndpoints.EnterModule);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapModules(modules);
        app.UseEndpoints(_ => { });
        return app;
    }
}
