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

internal static class AskForMagicLink
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/magic-link", Handle).WithName("AskForMagicLink").WithSummary("Mail a link to sign in without a password")
            .LimitedBy("sign-in").AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static Task<Results<Ok<LinkAsked>, Refused>> Handle(AskForLink request, HttpContext http, IDocumentSession work, MailRequests mail, CancellationToken ct) =>
        request.HandleAsync(MailKind.SignIn, http, work, mail, ct);
}
