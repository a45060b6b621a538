using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>A refresh token works once. One that comes a second time has been copied by somebody, so the whole session ends.</summary>
internal static class Refresh
{
    internal sealed record Request(string? RefreshToken);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/refresh", Handle).WithName("Refresh").WithSummary("Change a refresh token for new tokens")
            .AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static async Task<Results<Ok<SignInView>, Refused>> Handle(
        Request request, HttpContext http, [FromKeyedServices("users")] IDocumentStore store, Tokens tokens, SignInAnswer answer,
        LiveSessions live, EndSessions sessions, IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.RefreshToken))
            return Refused.Input("refresh-token-required", "refreshToken", "Refresh token is required");
        if (tokens.ReadRefresh(request.RefreshToken) is not var (id, secret))
            return Refused.Unauthorized("token-invalid", "This refresh token is not one of ours. Sign in again.");
        while (true)
        {
            var work = store.OpenSession();
            var now = clock.GetUtcNow();
            if (await work.LoadAsync<Session>(id, ct) is not { } session || session.HasEnded(now)
                || await work.LoadAsync<User>(session.UserId, ct) is not { BannedAt: null } user)
                return Ended;
            var fresh = session.IsRefreshedBy(secret);
            var next = SignIns.NewSecret();
            var changed = fresh ? work.Store(session.Refreshed(next, now, options.Value.SessionLife)) : sessions.Note(work, session);
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                continue;       // another request was first: what it left decides anew
            }

            if (!fresh)
            {
                sessions.Tell([id]);
                return Ended;
            }

            live.Forget(id);
            return TypedResults.Ok(answer.To(http, new SignedIn(user, changed, next)));
        }
    }

    private static Refused Ended => Refused.Unauthorized("session-ended", "Your session has ended. Sign in again or go on as a new guest.");
}
