using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Contracts;
using Modular.Users.FirstAdmin;
using Modular.Users.Guests;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Administering;

/// <summary>Accounts made where the settings are, by who may read the secret anyway. An admin made so ends the setup link.</summary>
internal sealed class OperatorAccounts(
    [FromKeyedServices("users")] IDocumentStore store, Passwords passwords, MailLinks links, EndSessions sessions) : IAccounts
{
    private const string Admin = "admin";

    public async Task<KnownAccount?> FindAsync(string email, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email));
        var read = store.OpenSession();
        return await read.FindAccountAsync(email, ct) is { } account && await read.LoadAsync<User>(account.Id, ct) is { } user ? Known(account, user) : null;
    }

    public async Task MakeAsync(string email, string? name, string password, bool admin, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email) ?? (name is null ? null : PersonName.Wrong(name)) ?? PasswordRule.Wrong(password, email, name));
        var hash = await HashAsync(password, ct);
        var work = store.OpenSession();
        var member = User.Member(Guid.NewGuid(), name is null ? FriendlyName.Any() : PersonName.Kept(name)) with { Roles = admin ? [Admin] : [] };
        work.Insert(member);
        work.Insert(Account.Of(member.Id, EmailAddress.Kept(email), hash));
        work.Publish(new UserRegistered(member.Id, member.Name));
        if (admin)
            work.Store((await work.SetupAsync(ct)).Used());
        try
        {
            await work.SaveChangesAsync(ct);
        }
        catch (DocumentExistsException)
        {
            throw new RefusedToRunException($"There is an account with the e-mail {EmailAddress.Kept(email)} already.");
        }
        catch (VersionConflictException)
        {
            throw new RefusedToRunException("Somebody has become an admin at the same moment. Try again.");
        }
    }

    public async Task<KnownAccount> TakeOverAsync(string email, string password, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email) ?? PasswordRule.Wrong(password, email));
        var hash = await HashAsync(password, ct);
        while (true)
        {
            var work = store.OpenSession();
            if (await work.FindAccountAsync(email, ct) is not { } account || await work.LoadAsync<User>(account.Id, ct) is not { } user)
                throw new RefusedToRunException($"There is no account with the e-mail {EmailAddress.Kept(email)}.");
            work.Store(account with { PasswordHash = hash });
            work.Store(user with { Roles = [.. user.Roles.Union([Admin])], BannedAt = null });
            work.Store((await work.SetupAsync(ct)).Used());
            await links.EndAllAsync(work, account.Id, ct);
            var ended = await sessions.NoteAsync(work, account.Id, _ => true, ct);
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                continue;       // signed in, refreshed or changed at this moment: none of it helps them
            }

            sessions.Tell(ended);
            // Who signed in the old way between the look at the sessions and the commit; from the commit on nobody can.
            await sessions.RunAsync(work, account.Id, _ => true, CancellationToken.None);
            return Known(account, user);
        }
    }

    private static KnownAccount Known(Account account, User user) => new(account.Email, user.Name, account.CreatedAt, account.VerifiedAt is not null);

    private async Task<string> HashAsync(string password, CancellationToken ct) =>
        await passwords.HashAsync(password, from: null, ct) ?? throw new InvalidOperationException("Nobody else waits for a hash in this process.");

    private static void Require(Refused? wrong)
    {
        if (wrong is not null)
            throw new RefusedToRunException($"{wrong.Detail}.");
    }
}
