using Microsoft.AspNetCore.Http;
using Modular.Kernel.Documents;
using Modular.Users.Accounts;
using Modular.Users.Sessions;

namespace Modular.Users.Mail;

/// <summary>Uses a mailed link up and signs its person in, in one commit: of many at once one succeeds.</summary>
internal sealed class LinkSignIn(MailLinks links, SignIns signIns, EndSessions sessions, SignInAnswer answer, TimeProvider clock)
{
    /// <param name="account">As it is to be from now on; it counts as verified, because the link went to its address.</param>
    /// <param name="endsOthers">Whoever is signed in until now is signed out, and no older link works.</param>
    /// <returns>Null where something has changed at this moment: look anew.</returns>
    public async Task<SignInView?> TryAsync(IDocumentSession work, OpenedLink opened, Account account, bool endsOthers, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        work.Expect(opened.User);
        work.Store(account.Verified(now));
        // As it was when it was opened: the account and the person were read later, and may be as another use of this link has left them.
        work.Store(opened.Link.Ended(now));
        if (endsOthers)
            await links.EndAllAsync(work, account.Id, ct, but: opened.Link.Id);
        var ended = endsOthers ? await sessions.NoteAsync(work, account.Id, _ => true, ct) : [];
        try
        {
            var signedIn = endsOthers ? await signIns.BeginAsync(work, opened.User, http, ct) : await signIns.ComeBackAsync(work, opened.User, http, ct);
            sessions.Tell(ended);
            // Who signed in the old way between the look at the sessions and the commit; from the commit on nobody can.
            if (endsOthers)
                await sessions.RunAsync(work, account.Id, session => session.Id != signedIn.Session.Id, CancellationToken.None);
            return answer.To(http, signedIn);
        }
        catch (VersionConflictException)
        {
            return null;
        }
    }
}
