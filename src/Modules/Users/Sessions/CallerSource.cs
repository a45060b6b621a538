using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>Answers for open connections what <see cref="ModularAuthentication"/> answers for requests.</summary>
internal sealed class CallerSource(
    Tokens tokens, LiveSessions live, [FromKeyedServices("users")] IDocumentStore store, TimeProvider clock) : ICallerSource
{
    public async ValueTask<Caller?> ByTokenAsync(string accessToken, CancellationToken ct) =>
        tokens.ReadAccess(accessToken) is var (session, expires) && expires > clock.GetUtcNow()
        && await live.FindAsync(session, ct) is { } known && known.Takes(session.Generation, clock.GetUtcNow())
            ? known.Caller
            : null;

    public async Task<IReadOnlyCollection<Guid>> EndedAsync(IReadOnlyCollection<Guid> sessions, CancellationToken ct)
    {
        var living = await store.OpenSession().QueryIdsAsync<Session>(
            $"""
             where id = any({sessions.ToArray()}) and revoked_at is null and expires_at > {clock.GetUtcNow()}
               and exists (select from users.user u where u.id = user_id and u.data ->> 'bannedAt' is null)
             """,
            ct);
        Guid[] ended = [.. sessions.Except(living)];
        // Its sockets are closed on this answer, and must not come back on one of before: also where no hint came, or comes later.
        foreach (var session in ended)
            live.Forget(session);
        return ended;
    }
}
