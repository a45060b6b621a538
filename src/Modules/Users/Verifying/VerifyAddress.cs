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

namespace Modular.Users.Verifying;

/// <summary>Signs nobody in: the link may be opened on any device, and by the wrong person it was mailed to by mistake.</summary>
internal static class VerifyAddress
{
    internal sealed record Request(string? Token)
    {
        public override string ToString() => "confirmation of an address";
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/verify", Handle).WithName("VerifyAddress").WithSummary("Confirm an address by the link mailed to it")
            .LimitedBy("sign-in").AllowAnonymous().WithMetadata(new ModularAuthentication.IgnoresCredentials());

    private static async Task<Results<NoContent, Refused>> Handle(
        Request request, IDocumentSession work, MailLinks links, TimeProvider clock, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Token))
            return MailLinks.TokenRequired;
        while (true)
        {
            var opened = await links.OpenAsync(work, MailKind.Verify, request.Token, ct);
            if (opened.Refused is { } refused)
                return refused;
            var now = clock.GetUtcNow();
            work.Expect(opened.User);
            work.Store(opened.Link.Ended(now));
            work.Store(opened.Account.Verified(now));
            try
            {
                await work.SaveChangesAsync(ct);
                return TypedResults.NoContent();
            }
            catch (VersionConflictException)
            {
                // Used, banned or changed at this moment: what is there now decides.
            }
        }
    }
}
