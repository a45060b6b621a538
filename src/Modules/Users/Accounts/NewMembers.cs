using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Contracts;
using Modular.Users.Guests;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Accounts;

/// <summary>Makes accounts: for the guest who asks, who stays the same person, or for somebody new.</summary>
internal sealed class NewMembers(
    [FromKeyedServices("users")] IDocumentStore store, SignIns signIns, LiveSessions live, MailRequests mail, IOptions<UsersOptions> options, TimeProvider clock)
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
            mail.Verify(work, work.Insert(Account.Of(member.Id, EmailAddress.Kept(email), passwordHash)));
            work.Publish(new UserRegistered(member.Id, member.Name));
            if (also is not null)
                await also(work);
            try
            {
                return known is not null && await work.LoadAsync<Session>(guest!.SessionId, ct) is { RevokedAt: null } session
                    ? await GoOnAsync(work, member, session, ct)
                    : await signIns.BeginAsync(work, member, http, ct);
            }
            catch (VersionConflictException)
            {
                // Renamed, refreshed or deleted at this moment: what is there now decides.
            }
        }
    }

    /// <summary>
    /// In the session they have: their open sockets and other requests go on. A new one would make the old cookie dead
    /// under them, and its clearing could cross the new one on the way.
    /// </summary>
    private async Task<SignedIn> GoOnAsync(IDocumentSession work, User member, Session session, CancellationToken ct)
    {
        var secret = SignIns.NewSecret();
        var kept = work.Store(session.Refreshed(secret, clock.GetUtcNow(), options.Value.SessionLife));
        await work.SaveChangesAsync(ct);
        live.Forget(session.Id);
        return new SignedIn(member, kept, secret);
    }
}
