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

    private static async Task<NoContent> Handle(
        HttpContext http, IDocumentSession work, IRevocations revocations, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<Session>(caller.SessionId, ct) is { RevokedAt: null } session)
        {
            work.Store(session.Revoked(clock.GetUtcNow()));
            await work.SaveChangesAsync(ct);
        }

        revocations.SessionsEnded(caller.SessionId);
        if (SessionCookie.Read(http) is not null)
            SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
