using System.Collections.Concurrent;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>
/// Who a session is, asked of the database at most every two seconds a session: a revoked one dies within that on
/// every replica, and a phone that polls costs one query. Requests that come together share the question. A hint that a
/// session has ended makes the next request ask: a socket closed for it must not come back on an answer of before.
/// </summary>
internal sealed class LiveSessions(SessionReads reads, TimeProvider clock) : IRevocationListener
{
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(2);
    private const int Crowded = 20_000;
    private readonly ConcurrentDictionary<Guid, Entry> entries = [];

    /// <summary>Null: revoked, expired or never there.</summary>
    public async ValueTask<LiveSession?> FindAsync(Credential credential, CancellationToken ct)
    {
        var known = await FindAsync(credential.Session, ct);
        if (known is null || known.Generation >= credential.Generation)
            return known;
        // Raised on another replica since we asked.
        Forget(credential.Session);
        return await FindAsync(credential.Session, ct);
    }

    private async ValueTask<LiveSession?> FindAsync(Guid session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!entries.TryGetValue(session, out var entry) || now - entry.Asked >= Trusted)
        {
            DropOld(now);
            entries[session] = entry = new Entry(now, new Lazy<Task<LiveSession?>>(() => reads.FindAsync(session)));
        }

        try
        {
            return await entry.Answer.Value.WaitAsync(ct);
        }
        catch when (entry.Answer.Value.IsFaulted)
        {
            entries.TryRemove(new(session, entry));
            throw;
        }
    }

    /// <summary>After a change made here, so that this process sees it at once.</summary>
    public void Forget(Guid session) => entries.TryRemove(session, out _);

    public void SessionsMayHaveChanged(IReadOnlyCollection<Guid> sessions)
    {
        foreach (var session in sessions)
            Forget(session);
    }

    private void DropOld(DateTimeOffset now)
    {
        if (entries.Count < Crowded)
            return;
        foreach (var entry in entries.Where(e => now - e.Value.Asked >= Trusted))
            entries.TryRemove(entry);
    }

    private sealed record Entry(DateTimeOffset Asked, Lazy<Task<LiveSession?>> Answer);
}

/// <summary>A session that lives, and whose it is.</summary>
internal sealed record LiveSession(Caller Caller, int Generation, DateTimeOffset? RaisedAt)
{
    /// <summary>For requests that were under way, and tabs that have not heard of the new cookie.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Whether a cookie or token of that generation still counts.</summary>
    public bool Takes(int generation, DateTimeOffset now) =>
        generation == Generation || (generation == Generation - 1 && now - RaisedAt < Grace);
}
