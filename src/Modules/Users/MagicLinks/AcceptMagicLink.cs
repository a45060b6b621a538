using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.MagicLinks;

/// <summary>
/// Whoever set the password of an account whose address was never confirmed has not shown that the address is theirs; the
/// person at the link has. So that password and its sessions end: else it would be a way back in for somebody else.
/// </summary>
internal static class AcceptMagicLink
{
    internal sealed record Request(string? Token)
    {
        public override string ToString() => "sign-in by a link";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/magic-link/accept", Handle).WithName("AcceptMagicLink").WithSummary("Sign in by a mailed link")
            .LimitedBy("sign-in").AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static async Task<Results<Ok<SignInView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession work, MailLinks links, LinkSignIn signIn, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Token))
            return MailLinks.TokenRequired;
        while (true)
        {
            var opened = await links.OpenAsync(work, MailKind.SignIn, request.Token, ct);
            if (opened.Refused is { } refused)
                return refused;
            var isFirst = opened.Account.VerifiedAt is null;
            var account = isFirst ? opened.Account with { PasswordHash = null } : opened.Account;
            if (await signIn.TryAsync(work, opened, account, endsOthers: isFirst, http, ct) is { } signedIn)
                return TypedResults.Ok(signedIn);
        }
    }
}
