using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Sessions;

namespace Modular.Users.Me;

internal static class GetMe
{
    /// <summary>A person as they see themselves; a guest has no address.</summary>
    /// <param name="HasPassword">False for a guest, and for a member who has to choose one before they can sign in by one.</param>
    internal sealed record MeView(Guid Id, string Name, UserKind Kind, IReadOnlyList<string> Roles, string? Email, bool? EmailVerified, bool HasPassword)
    {
        public static MeView Of(User user, Account? account) => new(
            user.Id, user.Name, user.Kind, user.Roles, account?.Email, account is null ? null : account.VerifiedAt is not null,
            account?.PasswordHash is not null);
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/me", Handle).WithName("GetMe").WithSummary("Who I am; keeps me signed in").RequireAuthorization();

    private static async Task<Results<Versioned<MeView>, Refused>> Handle(
        HttpContext http, IDocumentSession work, SessionCookie cookie, IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<User>(caller.UserId, ct) is not { } user)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        await KeepAsync(caller.SessionId);
        return Versioned.Of(user.Version, MeView.Of(user, await work.LoadAsync<Account>(user.Id, ct)));

        // Clients ask this once when they start, so once a day is often enough to move the end of the session.
        async Task KeepAsync(Guid id)
        {
            var now = clock.GetUtcNow();
            var life = options.Value.SessionLife;
            if (await work.LoadAsync<Session>(id, ct) is not { } session || !session.IsDueToBeKept(now, life))
                return;
            session = work.Store(session with { ExpiresAt = now + life });
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                return;         // refreshed or revoked at this moment, which counts more
            }

            if (SessionCookie.Read(http) is not null)
                cookie.Set(http, session);
        }
    }
}
