using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Modular.Kernel.Modules;

public static class ModuleEndpoints
{
    /// <summary>Maps every module under <c>/api/{name}</c> in the given order and marks its endpoints with its name.</summary>
    public static void MapModules(this IEndpointRouteBuilder routes, IEnumerable<IModule> modules)
    {
        foreach (var module in modules)
        {
            var group = routes.MapGroup($"/api/{module.Name}").WithMetadata(new ModuleMetadata(module.Name));
            module.MapEndpoints(group);
            if (module is IRootEndpoints rooted)
                rooted.MapRoot(routes.MapGroup("").WithMetadata(new ModuleMetadata(module.Name)));
        }
    }

    /// <summary>After routing: tells the request's scope whose code is about to run.</summary>
    internal static Task EnterModule(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ModuleMetadata>() is { } owner)
            http.RequestServices.GetRequiredService<ModuleScope>().Module = owner.Module;
        return next(http);
    }
}
