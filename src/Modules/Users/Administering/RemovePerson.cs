using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Web;
using Modular.Users.Deleting;

namespace Modular.Users.Administering;

internal static class RemovePerson
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/{id:guid}", Handle).WithName("RemovePerson").WithSummary("Delete somebody, for good").RequireAdmin();

    private static async Task<Results<NoContent, Refused>> Handle(Guid id, HttpContext http, DeletePerson delete, CancellationToken ct)
    {
        if (id == Caller.From(http.User)!.UserId)
            return AdminRefusals.Yourself;
        return await delete.RunAsync(id, ct) ? TypedResults.NoContent() : AdminRefusals.Unknown;
    }
}
