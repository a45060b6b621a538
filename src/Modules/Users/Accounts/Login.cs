using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Sessions;

namespace Modular.Users.Accounts;

/// <summary>One answer and one hash, whether the address is unknown or the password wrong.</summary>
internal static class Login
{
    internal sealed record Request(string? Email, string? Password)
    {
        public override string ToString() => $"sign-in of {Email}";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/login", Handle).WithName("Login").WithSummary("Sign in with e-mail and password").LimitedBy("sign-in")
            .AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static async Task<Results<Ok<SignInView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, Attempts attempts, Passwords passwords, SignIns signIns, SignInAnswer answer,
        IOptions<AttemptLimits> limits, CancellationToken ct)
    {
        if (EmailAddress.Wrong(request.Email) is { } noAddress)
            return noAddress;
        if (string.IsNullOrEmpty(request.Password))
            return Refused.Input("password-required", "password", "Password is required");
        while (true)
        {
            var account = await work.FindAccountAsync(request.Email!, ct);
            var (attempt, tooMany) = await attempts.TryAsync(http, limits.Value.SignInAttempts, ct, SignInAttempt.Of(request.Email!, http));
            if (tooMany is not null)
                return tooMany;
            var check = await passwords.VerifyAsync(account, request.Password, ClientAddress.Of(http), ct);
            if (check == PasswordCheck.Wrong)
                return Refused.Unauthorized("sign-in-failed", "E-mail or password is wrong.");
            await attempts.TakeBackAsync(attempt, ct);
            if (check == PasswordCheck.Busy)
                return Passwords.Busy;
            if (await work.LoadAsync<User>(account!.Id, ct) is not { } user)
                continue;       // deleted at this moment: from here on an unknown address
            if (user.BannedAt is not null)
                return BannedRefusal.Refused;
            Keep(account, check == PasswordCheck.RightAndOld ? await passwords.HashAsync(request.Password, ClientAddress.Of(http), ct) : null);
            work.Expect(user);
            try
            {
                return TypedResults.Ok(answer.To(http, await signIns.ComeBackAsync(work, user, http, ct)));
            }
            catch (VersionConflictException)
            {
                // Banned, deleted, renamed or with a new password at this moment: what is there now decides.
            }
        }

        void Keep(Account account, string? newHash)
        {
            if (newHash is null)
                work.Expect(account);
            else
                work.Store(account with { PasswordHash = newHash });
        }
    }
}
