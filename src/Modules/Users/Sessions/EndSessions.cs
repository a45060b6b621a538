using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Notifications.Contracts;

namespace Modular.Users.Sessions;

/// <summary>
/// Ends sessions: in the database, which decides; on the person's other devices, which show a list of them; and, once that is
/// committed, by a hint to every replica, which then asks about their sockets and requests at once.
/// </summary>
internal sealed class EndSessions(IRevocations revocations, TimeProvider clock)
{
    /// <summary>Ends those of a person's living sessions that <paramref name="which"/> says, and answers how many. Saves <paramref name="work"/>.</summary>
    public async Task<int> RunAsync(IDocumentSession work, Guid user, Func<Session, bool> which, CancellationToken ct)
    {
        while (true)
        {
            var ended = await NoteAsync(work, user, which, ct);
            try
            {
                await work.SaveChangesAsync(ct);
            }
            catch (VersionConflictException)
            {
                continue;       // refreshed at this moment: what that has left ends, too
            }

            Tell(ended);
            return ended.Count;
        }
    }

    /// <summary>Notes their end in <paramref name="work"/>. When that is saved, <see cref="Tell"/>.</summary>
    public async Task<IReadOnlyCollection<Guid>> NoteAsync(IDocumentSession work, Guid user, Func<Session, bool> which, CancellationToken ct)
    {
        var ended = (await work.LivingSessionsAsync(user, clock.GetUtcNow(), ct)).Where(which).ToList();
        foreach (var session in ended)
            Note(work, session);
        return [.. ended.Select(s => s.Id)];
    }

    public Session Note(IDocumentSession work, Session session)
    {
        work.Publish(PersonalEvent.Of(session.UserId, new SessionRevoked(session.Id)));
        return work.Store(session.Revoked(clock.GetUtcNow()));
    }

    public void Tell(IReadOnlyCollection<Guid> ended) => revocations.SessionsChanged(ended);
}

internal static class LivingSessions
{
    /// <summary>Newest first.</summary>
    public static Task<IReadOnlyList<Session>> LivingSessionsAsync(this IDocumentSession work, Guid user, DateTimeOffset now, CancellationToken ct) =>
        work.QueryAsync<Session>($"where user_id = {user} and revoked_at is null and expires_at > {now} order by id desc", ct);
}
