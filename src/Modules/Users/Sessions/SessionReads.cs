using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

/// <summary>
/// Asks the database who sessions are: whoever comes while it answers is asked about together. Ten thousand phones that come
/// back after a replica's end are ten thousand sessions nobody remembers, and must not be as many queries.
/// </summary>
internal sealed class SessionReads([FromKeyedServices("users")] IDocumentStore store, TimeProvider clock)
{
    private const int MostAtOnce = 1_000;

    private readonly Lock gate = new();
    private readonly Queue<(Guid Session, TaskCompletionSource<LiveSession?> Answer)> waiting = [];
    private bool asking;

    /// <summary>Null: revoked, expired or never there, or its person is banned or gone.</summary>
    public Task<LiveSession?> FindAsync(Guid session)
    {
        var answer = new TaskCompletionSource<LiveSession?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Enqueue((session, answer));
            if (asking)
                return answer.Task;
            asking = true;
        }

        _ = AskAsync();
        return answer.Task;
    }

    private async Task AskAsync()
    {
        while (Take() is { Count: > 0 } asked)
        {
            try
            {
                var known = await ReadAsync([.. asked.Select(a => a.Session)]);
                foreach (var (session, answer) in asked)
                    answer.SetResult(known.GetValueOrDefault(session));
            }
            catch (Exception e)
            {
                foreach (var (_, answer) in asked)
                    answer.SetException(e);
            }
        }
    }

    private List<(Guid Session, TaskCompletionSource<LiveSession?> Answer)> Take()
    {
        var taken = new List<(Guid, TaskCompletionSource<LiveSession?>)>();
        lock (gate)
        {
            while (taken.Count < MostAtOnce && waiting.TryDequeue(out var one))
                taken.Add(one);
            asking = taken.Count > 0;
        }

        return taken;
    }

    private async Task<Dictionary<Guid, LiveSession>> ReadAsync(Guid[] ids)
    {
        var read = store.OpenSession();
        var sessions = await read.QueryAsync<Session>($"where id = any({ids}) and revoked_at is null and expires_at > {clock.GetUtcNow()}", CancellationToken.None);
        if (sessions is [])
            return [];
        var people = (await read.QueryAsync<User>($"where id = any({sessions.Select(s => s.UserId).ToArray()})", CancellationToken.None)).Where(u => u.BannedAt is null).ToDictionary(u => u.Id);
        return sessions.Where(s => people.ContainsKey(s.UserId)).ToDictionary(s => s.Id, s => new LiveSession(SignedIn.CallerOf(people[s.UserId], s.Id), s.Generation, s.RaisedAt));
    }
}
