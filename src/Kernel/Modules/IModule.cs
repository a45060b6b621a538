using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Modular.Kernel.Modules;

/// <summary>
/// A feature module. From <see cref="Name"/> follow its Postgres schema, its configuration section
/// <c>Modules:{Name}</c>, its route group <c>/api/{name}</c>, the first segment of its streams, its queue
/// prefix, health tag and metric label. The host registers modules in one explicit ordered list.
/// </summary>
public interface IModule
{
    /// <summary>Lower-case letters only, for example <c>questions</c>.</summary>
    string Name { get; }

    void AddServices(IHostApplicationBuilder host);

    /// <summary>Maps the module's endpoints; the host has already applied <c>/api/{name}</c>.</summary>
    void MapEndpoints(IEndpointRouteBuilder routes);
}
