using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;

namespace Modular.Users.Administering;

internal static class UnbanPerson
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{id:guid}/unban", Handle).WithName("UnbanPerson").WithSummary("Let somebody sign in again").RequireAdmin();

    private static async Task<Results<Ok<PersonView>, Refused>> Handle(Guid id, HttpContext http, IDocumentSession work, CancellationToken ct)
    {
        if (id == Caller.From(http.User)!.UserId)
            return AdminRefusals.Yourself;
        if (await work.LoadAsync<User>(id, ct) is not { } user)
            return AdminRefusals.Unknown;
        if (user.BannedAt is not null)
            user = work.Store(user with { BannedAt = null });
        await work.SaveChangesAsync(ct);
        return TypedResults.Ok(PersonView.Of(user, await work.LoadAsync<Account>(id, ct)));
    }
}
