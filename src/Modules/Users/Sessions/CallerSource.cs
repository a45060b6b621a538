using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>Answers for open connections what <see cref="ModularAuthentication"/> answers for requests.</summary>
internal sealed class CallerSource(
    Tokens tokens, LiveSessions sessions, [FromKeyedServices("users")] IDocumentStore store, TimeProvider clock) : ICallerSource
{
    public async ValueTask<Caller?> ByTokenAsync(string accessToken, CancellationToken ct) =>
        tokens.ReadAccess(accessToken) is var (session, expires) && expires > clock.GetUtcNow()
        && await sessions.FindAsync(session, ct) is { } live && live.Takes(session.Generation, clock.GetUtcNow())
            ? live.Caller
            : null;

    public async Task<IReadOnlyCollection<Guid>> EndedAsync(IReadOnlyCollection<Guid> sessions, CancellationToken ct)
    {
        var living = await store.OpenSession().QueryIdsAsync<Session>(
            $"""
             where id = any({sessions.ToArray()}) and revoked_at is null and expires_at > {clock.GetUtcNow()}
               and exists (select from users.user u where u.id = user_id and u.data ->> 'bannedAt' is null)
             """,
            ct);
        return [.. sessions.Except(living)];
    }
}
