using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;
using Modular.Users.Contracts;
using Modular.Users.Mail;
using Modular.Users.Sessions;

namespace Modular.Users.Deleting;

/// <summary>Removes a person in one commit, and has all modules forget them.</summary>
internal sealed class DeletePerson([FromKeyedServices("users")] IDocumentStore store, IRevocations revocations, TimeProvider clock)
{
    private const int Tries = 5;

    /// <summary>False where there is no such person. Their sockets close at once on all replicas.</summary>
    public async Task<bool> RunAsync(Guid user, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var work = store.OpenSession();
            if (await work.LoadAsync<User>(user, ct) is not { } person)
                return false;
            work.Delete(person);
            var ended = await RemoveAsync(work, user, ct);
            await BuryAsync(work, user, ct);
            work.Publish(new UserDeleted(user));
            try
            {
                await work.SaveChangesAsync(ct);
                revocations.SessionsChanged(ended);
                return true;
            }
            catch (Exception raced) when (raced is VersionConflictException or DocumentExistsException && attempt < Tries)
            {
                // They have just renamed themselves, signed in or been deleted by somebody else: what there is now goes.
            }
        }
    }

    /// <summary>Once more, for what requests that were under way have written since.</summary>
    public async Task RepeatAsync(Deletion deletion, CancellationToken ct)
    {
        var work = store.OpenSession();
        if (await work.LoadAsync<User>(deletion.Id, ct) is { } back)
            work.Delete(back);
        var ended = await RemoveAsync(work, deletion.Id, ct);
        work.Store(deletion with { RepeatedAt = clock.GetUtcNow() });
        work.Publish(new UserDeleted(deletion.Id));
        await work.SaveChangesAsync(ct);
        revocations.SessionsChanged(ended);
    }

    /// <returns>The sessions that end with it.</returns>
    private static async Task<IReadOnlyList<Guid>> RemoveAsync(IDocumentSession work, Guid user, CancellationToken ct)
    {
        if (await work.LoadAsync<Account>(user, ct) is { } account)
            work.Delete(account);
        var sessions = await work.QueryAsync<Session>($"where user_id = {user}", ct);
        foreach (var session in sessions)
            work.Delete(session);
        foreach (var link in await work.QueryAsync<MailLink>($"where user_id = {user}", ct))
            work.Delete(link);
        return [.. sessions.Select(s => s.Id)];
    }

    private async Task BuryAsync(IDocumentSession work, Guid user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await work.LoadAsync<Deletion>(user, ct) is { } before)
            work.Store(before with { DeletedAt = now, RepeatedAt = null });
        else
            work.Insert(new Deletion { Id = user, DeletedAt = now });
    }
}
