using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Contracts;
using Modular.Users.FirstAdmin;
using Modular.Users.Guests;

namespace Modular.Users.Administering;

/// <summary>Accounts made where the settings are, by who may read the secret anyway. An admin made so ends the setup link.</summary>
internal sealed class OperatorAccounts([FromKeyedServices("users")] IDocumentStore store, Passwords passwords) : IAccounts
{
    private const string Admin = "admin";

    public async Task<bool> ExistsAsync(string email, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email));
        return await store.OpenSession().FindAccountAsync(email, ct) is not null;
    }

    public async Task MakeAsync(string email, string? name, string password, bool admin, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email) ?? (name is null ? null : PersonName.Wrong(name)) ?? PasswordRule.Wrong(password, email));
        var hash = await passwords.HashAsync(password, ct) ?? throw new InvalidOperationException("Nobody else waits for a hash in this process.");
        var work = store.OpenSession();
        var member = User.Member(Guid.NewGuid(), name is null ? FriendlyName.Any() : PersonName.Kept(name)) with { Roles = admin ? [Admin] : [] };
        work.Insert(member);
        work.Insert(Account.Of(member.Id, EmailAddress.Kept(email), hash));
        work.Publish(new UserRegistered(member.Id, member.Name));
        if (admin)
            work.Store((await work.SetupAsync(ct)).Used());
        try
        {
            await SaveAsync(work, ct);
        }
        catch (DocumentExistsException)
        {
            throw new RefusedToRunException($"There is an account with the e-mail {EmailAddress.Kept(email)} already. With --admin it becomes an admin's.");
        }
    }

    public async Task MakeAdminAsync(string email, CancellationToken ct)
    {
        Require(EmailAddress.Wrong(email));
        var work = store.OpenSession();
        if (await work.FindAccountAsync(email, ct) is not { } account || await work.LoadAsync<User>(account.Id, ct) is not { } user)
            throw new RefusedToRunException($"There is no account with the e-mail {EmailAddress.Kept(email)}.");
        work.Store(user with { Roles = [.. user.Roles.Union([Admin])], BannedAt = null });
        work.Store((await work.SetupAsync(ct)).Used());
        await SaveAsync(work, ct);
    }

    private static async Task SaveAsync(IDocumentSession work, CancellationToken ct)
    {
        try
        {
            await work.SaveChangesAsync(ct);
        }
        catch (VersionConflictException)
        {
            throw new RefusedToRunException("Somebody has changed this account or become an admin at the same moment. Try again.");
        }
    }

    private static void Require(Refused? wrong)
    {
        if (wrong is not null)
            throw new RefusedToRunException($"{wrong.Detail}.");
    }
}
