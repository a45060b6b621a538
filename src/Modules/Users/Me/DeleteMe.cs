using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Web;
using Modular.Users.Deleting;
using Modular.Users.Sessions;

namespace Modular.Users.Me;

internal static class DeleteMe
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/me", Handle).WithName("DeleteMe").WithSummary("Delete me, for good").RequireAuthorization();

    private static async Task<Results<NoContent, Refused>> Handle(HttpContext http, DeletePerson delete, CancellationToken ct)
    {
        if (!await delete.RunAsync(Caller.From(http.User)!.UserId, ct))
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        if (SessionCookie.Read(http) is not null)
            SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
