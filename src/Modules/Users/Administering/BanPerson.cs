using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Sessions;

namespace Modular.Users.Administering;

internal static class BanPerson
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{id:guid}/ban", Handle).WithName("BanPerson").WithSummary("Sign somebody out everywhere and let them in no more").RequireAdmin();

    private static async Task<Results<Ok<PersonView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession work, EndSessions sessions, TimeProvider clock, CancellationToken ct)
    {
        if (id == Caller.From(http.User)!.UserId)
            return AdminRefusals.Yourself;
        while (true)
        {
            if (await work.LoadAsync<User>(id, ct) is not { } user)
                return AdminRefusals.Unknown;
            if (user.BannedAt is null)
                user = work.Store(user with { BannedAt = clock.GetUtcNow() });
            var ended = await sessions.NoteAsync(work, id, _ => true, ct);
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                continue;       // renamed, refreshed or signed in at this moment: none of it helps them
            }

            sessions.Tell(ended);
            return TypedResults.Ok(PersonView.Of(user, await work.LoadAsync<Account>(id, ct)));
        }
    }
}
