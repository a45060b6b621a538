using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;

namespace Modular.Users.Mail;

/// <summary>
/// What somebody sends who wants a link mailed. The same answer after the same work whoever is asked about: one insert. Nothing
/// is looked up here.
/// </summary>
internal sealed record AskForLink(string? Email)
{
    public async Task<Results<Ok<LinkAsked>, Refused>> HandleAsync(MailKind kind, HttpContext http, IDocumentSession work, MailRequests mail, CancellationToken ct)
    {
        if (EmailAddress.Wrong(Email) is { } wrong)
            return wrong;
        if (mail.AreOff)
            return MailRequests.Off;
        mail.Add(work, kind, Email!, http);
        await work.SaveChangesAsync(ct);
        return TypedResults.Ok(new LinkAsked("If there is an account with this address, a mail is on its way."));
    }
}

/// <param name="Detail">A sentence for the person who asked.</param>
internal sealed record LinkAsked(string Detail);
