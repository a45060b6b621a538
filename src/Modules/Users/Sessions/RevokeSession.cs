using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

internal static class RevokeSession
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/me/sessions/{id:guid}", Handle).WithName("RevokeSession").WithSummary("Sign out one of my devices").RequireAuthorization();

    private static async Task<Results<NoContent, Refused>> Handle(Guid id, HttpContext http, IDocumentSession work, EndSessions sessions, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await sessions.RunAsync(work, caller.UserId, session => session.Id == id, ct) == 0)
            return Refused.NotFound("session-not-found", "You have no such session. It may have ended already.");
        if (id == caller.SessionId && SessionCookie.Read(http) is not null)
            SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
