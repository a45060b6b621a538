using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Contracts;
using Modular.Users.Guests;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Accounts;

/// <summary>Makes accounts: for the guest who asks, who stays the same person, or for somebody new.</summary>
internal sealed class NewMembers(
    [FromKeyedServices("users")] IDocumentStore store, SignIns signIns, IRevocations sessions, MailRequests mail)
{
    /// <param name="also">What goes into the same commit; asked anew before each try.</param>
    /// <exception cref="DocumentExistsException">The e-mail has an account.</exception>
    public async Task<SignedIn> MakeAsync(
        HttpContext http, string? name, string email, string passwordHash, CancellationToken ct, Func<IDocumentSession, Task>? also = null, params string[] roles)
    {
        var chosen = name is null ? null : PersonName.Kept(name);
        while (true)
        {
            var work = store.OpenSession();
            var guest = Caller.From(http.User) is { IsGuest: true } caller ? caller : null;
            var known = guest is null ? null : await work.LoadAsync<User>(guest.UserId, ct);
            var member = (known?.Registered(chosen) ?? User.Member(Guid.NewGuid(), chosen ?? FriendlyName.Any())) with { Roles = roles };
            member = known is null ? work.Insert(member) : work.Store(member);
            mail.Verify(work, work.Insert(Account.Of(member.Id, EmailAddress.Kept(email), passwordHash)), http);
            work.Publish(new UserRegistered(member.Id, member.Name));
            if (also is not null)
                await also(work);
            try
            {
                if (known is null || await work.LoadAsync<Session>(guest!.SessionId, ct) is not { RevokedAt: null } session)
                    return await signIns.BeginAsync(work, member, http, ct);
                var signedIn = await signIns.GoOnAsync(work, member, session, ct);
                sessions.SessionsChanged(session.Id);
                return signedIn;
            }
            catch (VersionConflictException)
            {
                // Renamed, refreshed or deleted at this moment: what is there now decides.
            }
        }
    }
}
