using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Accounts;
using Modular.Users.Mail;

namespace Modular.Users.Verifying;

internal static class SendVerification
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/verify/resend", Handle).WithName("SendVerification").WithSummary("Mail me another link to confirm my address")
            .LimitedBy("sign-in").RequireMember();

    private static async Task<Results<NoContent, Refused>> Handle(
        HttpContext http, IDocumentSession work, MailRequests mail, Attempts attempts, IOptions<AttemptLimits> limits, CancellationToken ct)
    {
        if (mail.AreOff)
            return MailRequests.Off;
        if (await work.LoadAsync<Account>(Caller.From(http.User)!.UserId, ct) is not { } account)
            return Refused.NotFound("user-not-found", "This person is no longer here.");
        if (account.VerifiedAt is not null)
            return Refused.Conflict("already-verified", "Your address is confirmed already.");
        if ((await attempts.TryAsync(http, limits.Value.VerifyMails, ct, "verify-mail", $"{account.Id}")).TooMany is { } tooMany)
            return tooMany;
        mail.Verify(work, account, http);
        await work.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
