using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Modular.Kernel.Modules;
using Modular.Kernel.Observability;
using Modular.Kernel.Web.Limits;

namespace Modular.Kernel.Web;

public static class KernelWeb
{
    /// <summary>What every request stands on. Modules register after it.</summary>
    public static IHostApplicationBuilder AddKernelWeb(this IHostApplicationBuilder host)
    {
        WebSettings.Add(host);
        LogLines.Add(host);
        Health.Add(host.Services);
        OpenApi.Add(host.Services);
        host.Services.TryAddSingleton(TimeProvider.System);
        host.Services.TryAddScoped<ModuleScope>();
        host.Services.TryAddScoped<RequestScope>();
        host.Services.AddSingleton<OriginRule>();
        Limiting.Add(host.Services);
        host.Services.AddSingleton<GracefulStop>();
        host.Services.AddSingleton<IHostLifetime, DrainingLifetime>();
        host.Services.ConfigureHttpJsonOptions(o => HttpJson.Apply(o.SerializerOptions));
        host.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        host.Services.Configure<KestrelServerOptions>(o => o.AddServerHeader = false);
        host.Services.AddAuthentication();
        host.Services.AddAuthorization();
        host.Services.AddCors();
        return host;
    }

    /// <summary>Lays the request pipeline and maps the modules and what the Kernel itself answers.</summary>
    public static WebApplication UseKernelWeb(this WebApplication app, IReadOnlyList<IModule> modules, Action<WebApplication>? pages = null)
    {
        var drain = app.Services.GetRequiredService<GracefulStop>();
        var origins = app.Services.GetRequiredService<OriginRule>();
        app.UseKnownProxies();
        app.UseMiddleware<RequestIds>();
        if (app.Services.GetRequiredService<IOptions<OtelSettings>>().Value.IsOn)
            app.Use(RequestSpans.Describe);
        app.Use(SecurityHeaders.Add);
        app.Use(drain.CloseConnections);
        app.UseMiddleware<RequestLines>();
        app.Use(HeadRequests.Serve);
        app.UseMiddleware<ProblemPages>();
        app.UseStaticFiles(Pages.Files);
        pages?.Invoke(app);
        app.UseRouting();
        app.Use(ModuleEndpoints.EnterModule);
        app.UseConfiguredCors();
        app.Use(next => OriginCheck.Refuse(origins, next));
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseLimits();
        app.UseMiddleware<RequestBodies>();
        app.MapModules(modules);
        Health.Map(app);
        VersionView.Map(app);
        Pages.Map(app);
        app.MapOpenApi($"/openapi/{OpenApi.Document}.json").AllowAnonymous();
        app.UseEndpoints(_ => { });
        return app;
    }
}
