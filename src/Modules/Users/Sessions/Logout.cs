using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

internal static class Logout
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/logout", Handle).WithName("Logout").WithSummary("End this session, its cookie and its tokens").RequireAuthorization();

    private static async Task<NoContent> Handle(HttpContext http, IDocumentSession work, EndSessions sessions, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        await sessions.RunAsync(work, caller.UserId, session => session.Id == caller.SessionId, ct);
        if (SessionCookie.Read(http) is not null)
            SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
