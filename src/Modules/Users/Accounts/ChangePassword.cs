using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
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
            .LimitedBy("sign-in").RequireMember();

    private static async Task<Results<NoContent, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, Attempts attempts, Passwords passwords, EndSessions sessions, MailLinks links,
        IOptions<AttemptLimits> limits, CancellationToken ct)
    {
        var caller = Caller.From(http.User)!;
        if (await work.LoadAsync<Account>(caller.UserId, ct) is not { } account)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        if (PasswordRule.Wrong(request.Password, account.Email) is { } wrong)
            return wrong;
        if (account.PasswordHash is not null && await NotTheirsAsync(account) is { } refused)
            return refused;
        if (await passwords.HashAsync(request.Password!, ct) is not { } hash)
            return Passwords.Busy;
        work.Store(account with { PasswordHash = hash });
        await links.EndAllAsync(work, caller.UserId, ct);
        var ended = await sessions.NoteAsync(work, caller.UserId, session => session.Id != caller.SessionId, ct);
        await work.SaveChangesAsync(ct);
        sessions.Tell(ended);
        return TypedResults.NoContent();

        async Task<Refused?> NotTheirsAsync(Account known)
        {
            if (string.IsNullOrEmpty(request.Current))
                return Refused.Input("current-required", "current", "Current password is required");
            var (attempt, tooMany) = await attempts.TryAsync(http, limits.Value.SignInAttempts, ct, SignInAttempt.Of(known.Email, http));
            if (tooMany is not null)
                return tooMany;
            var check = await passwords.VerifyAsync(known, request.Current, ct);
            if (check == PasswordCheck.Wrong)
                return Refused.Forbidden("password-wrong", "This is not your current password.");
            await attempts.TakeBackAsync(attempt, ct);
            return check == PasswordCheck.Busy ? Passwords.Busy : null;
        }
    }
}
