using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Accounts;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Resetting;

/// <summary>Whoever reads the account's mail chooses its password: every session and link from before ends.</summary>
internal static class ResetPassword
{
    internal sealed record Request(string? Token, string? Password)
    {
        public override string ToString() => "a new password";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reset", Handle).WithName("ResetPassword").WithSummary("Choose a new password by a mailed link, and sign in")
            .LimitedBy("sign-in").AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static async Task<Results<Ok<SignInView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, MailLinks links, Passwords passwords, LinkSignIn signIn, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Token))
            return MailLinks.TokenRequired;
        if (PasswordRule.Wrong(request.Password) is { } wrong)
            return wrong;
        string? hash = null;
        while (true)
        {
            var opened = await links.OpenAsync(work, MailKind.Reset, request.Token, ct);
            if ((opened.Refused ?? PasswordRule.Wrong(request.Password, opened.Account.Email, opened.User.Name)) is { } refused)
                return refused;
            if ((hash ??= await passwords.HashAsync(request.Password!, ClientAddress.Of(http), ct)) is null)
                return Passwords.Busy;
            if (await signIn.TryAsync(work, opened, opened.Account with { PasswordHash = hash }, endsOthers: true, http, ct) is { } signedIn)
                return TypedResults.Ok(signedIn);
        }
    }
}
