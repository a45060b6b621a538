using Microsoft.AspNetCore.Routing;

namespace Modular.Kernel.Modules;

/// <summary>
/// A module with endpoints whose paths clients know from the root, such as <c>/hub</c>. The host calls
/// <see cref="MapRoot"/> for each module that implements it, without any prefix, beside
/// <see cref="IModule.MapEndpoints"/>. The endpoints state their own authorization.
/// </summary>
public interface IRootEndpoints
{
    void MapRoot(IEndpointRouteBuilder routes);
}
