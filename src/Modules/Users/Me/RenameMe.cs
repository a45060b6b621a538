using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Contracts;
using Modular.Users.Sessions;

namespace Modular.Users.Me;

internal static class RenameMe
{
    internal sealed record Request(string? Name);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/me", Handle).WithName("RenameMe").WithSummary("Change my name").RequireAuthorization().LimitedBy("account");

    private static async Task<Results<Ok<UserView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, IRevocations sessions, TimeProvider clock, CancellationToken ct)
    {
        if (PersonName.Wrong(request.Name) is { } wrong)
            return wrong;
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<User>(caller.UserId, ct) is not { } user)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        if (Etag.Stale(http, user.Version) is { } stale)
            return stale;
        var renamed = work.Store(user with { Name = PersonName.Kept(request.Name!) });
        work.Publish(new UserRenamed(renamed.Id, renamed.Name));
        var theirs = await work.LivingSessionsAsync(user.Id, clock.GetUtcNow(), ct);
        await work.SaveChangesAsync(ct);
        // What they write next may go to another replica, and is to carry the new name.
        sessions.SessionsChanged([.. theirs.Select(s => s.Id)]);
        return TypedResults.Ok(UserView.Of(renamed));
    }
}
