using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

internal static class RevokeOtherSessions
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/me/sessions", Handle).WithName("RevokeOtherSessions").WithSummary("Sign out everywhere but here").RequireAuthorization();

    private static async Task<NoContent> Handle(HttpContext http, IDocumentSession work, EndSessions sessions, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        await sessions.RunAsync(work, caller.UserId, session => session.Id != caller.SessionId, ct);
        return TypedResults.NoContent();
    }
}
