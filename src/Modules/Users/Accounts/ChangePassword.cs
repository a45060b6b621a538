using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Accounts;

/// <summary>A new password, from whoever knows the present one; whoever else is signed in with it is out.</summary>
internal static class ChangePassword
{
    /// <param name="Current">Not asked of an account that has none yet.</param>
    internal sealed record Request(string? Current, string? Password)
    {
        public override string ToString() => "change of a password";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/me/password", Handle).WithName("ChangePassword").WithSummary("Choose a new password; ends my other sessions")
            .LimitedBy("account").RequireMember();

    private static async Task<Results<NoContent, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, CurrentPassword current, Passwords passwords, MailLinks links, EndSessions sessions, SessionCookie cookie,
        TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<Account>(caller.UserId, ct) is not { } account)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        if (PasswordRule.Wrong(request.Password, account.Email, caller.Name) is { } wrong)
            return wrong;
        if (account.PasswordHash is not null && await current.WhyNotAsync(account, request.Current, http, ct) is { } refused)
            return refused;
        if (await passwords.HashAsync(request.Password!, ClientAddress.Of(http), ct) is not { } hash)
            return Passwords.Busy;
        for (var known = account; known?.PasswordHash == account.PasswordHash; known = await work.LoadAsync<Account>(caller.UserId, ct))
        {
            work.Store(known! with { PasswordHash = hash });
            await links.EndAllAsync(work, caller.UserId, ct);
            var ended = await sessions.NoteAsync(work, caller.UserId, IsAnother, ct);
            var mine = await work.LoadAsync<Session>(caller.SessionId, ct);
            if (mine is not null)
                mine = work.Store(mine.Raised(clock.GetUtcNow()));      // who has a copy of this cookie is out as well
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                continue;       // the address was confirmed or a session refreshed at this moment
            }

            sessions.Tell([.. ended, caller.SessionId]);
            if (mine is not null && SessionCookie.Read(http) is not null)
                cookie.Set(http, mine);
            // Who signed in the old way between the look at the sessions and the commit; from the commit on nobody can.
            await sessions.RunAsync(work, caller.UserId, IsAnother, CancellationToken.None);
            return TypedResults.NoContent();
        }

        return CurrentPassword.Wrong;

        bool IsAnother(Session session) => session.Id != caller.SessionId;
    }
}
