using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;

namespace Modular.Questions.Rooms;

/// <summary>
/// Rooms without a query: copies stay in memory, and whoever writes says <c>Expect(copy)</c>, so an old one costs a
/// repeated commit and never a wrong one. A room nobody here has heard of yet is asked of its owner, so it can be
/// used the moment it is made.
/// </summary>
internal sealed class RoomCopies([FromKeyedServices("questions")] IDocumentStore store, IRooms owner)
{
    private const int Crowded = 10_000;
    private readonly ConcurrentDictionary<Guid, RoomCopy> copies = [];
    private readonly ConcurrentDictionary<string, Guid> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<RoomCopy?>>> missed = new(StringComparer.Ordinal);

    /// <param name="idOrCode">Null for the lobby.</param>
    public async ValueTask<RoomCopy?> FindAsync(string? idOrCode, CancellationToken ct)
    {
        if (idOrCode is null)
            return await FindAsync(Lobby.Id, ct);
        if (Guid.TryParseExact(idOrCode, "D", out var id) || codes.TryGetValue(idOrCode, out id))
            return await FindAsync(id, ct);
        var found = await TogetherAsync(idOrCode, () => AskOwnerAsync(idOrCode, CancellationToken.None), ct);
        if (found is not null)
        {
            if (codes.Count >= Crowded)
                codes.Clear();
            codes[idOrCode] = found.Id;
        }

        return found;
    }

    public async ValueTask<RoomCopy?> FindAsync(Guid id, CancellationToken ct) =>
        copies.TryGetValue(id, out var copy) ? copy : await TogetherAsync(id.ToString(), () => LoadAsync(id, CancellationToken.None), ct);

    /// <summary>As <see cref="FindAsync(string?, CancellationToken)"/>, for what may be refused: a copy can be behind, so the owner is asked before anybody is.</summary>
    public async ValueTask<RoomCopy?> FindAsync(string? idOrCode, Func<RoomCopy, bool> suits, CancellationToken ct)
    {
        var copy = await FindAsync(idOrCode, ct);
        return copy is null || suits(copy) ? copy : await AskOwnerAsync(copy.Id.ToString(), ct);
    }

    /// <summary>Asked of the owner: it decides about others' questions, is asked seldom, and no commit would notice an old copy.</summary>
    public async Task<bool> MayModerateAsync(Guid room, Caller? caller, CancellationToken ct) =>
        caller is not null && (caller.IsAdmin || (await owner.RoleOfAsync(room, caller.UserId, ct)).MayModerate());

    /// <summary>After a commit that expected <paramref name="outdated"/> in vain.</summary>
    public void Forget(RoomCopy outdated) => copies.TryRemove(outdated.Id, out _);

    /// <summary>
    /// Requests that miss a room at once share the answer. Each for itself, 64 first questions in a room would insert the
    /// same copy in 64 commits, one behind the other, because they are about the same row.
    /// </summary>
    private async Task<RoomCopy?> TogetherAsync(string idOrCode, Func<Task<RoomCopy?>> ask, CancellationToken ct)
    {
        var answer = missed.GetOrAdd(idOrCode, _ => new Lazy<Task<RoomCopy?>>(ask));
        try
        {
            return await answer.Value.WaitAsync(ct);
        }
        finally
        {
            missed.TryRemove(new(idOrCode, answer));
        }
    }

    private async Task<RoomCopy?> LoadAsync(Guid id, CancellationToken ct) =>
        await store.OpenSession().LoadAsync<RoomCopy>(id, ct) is { } stored ? Remember(stored) : await AskOwnerAsync(id.ToString(), ct);

    private async Task<RoomCopy?> AskOwnerAsync(string idOrCode, CancellationToken ct)
    {
        if (await owner.FindAsync(idOrCode, ct) is not { } room)
            return null;
        while (true)
        {
            var session = store.OpenSession();
            var stored = await session.LoadAsync<RoomCopy>(room.Id, ct);
            if (stored?.Seq >= room.Seq)
                return Remember(stored);
            var next = (stored ?? new RoomCopy { Id = room.Id }) with { State = room.State, Settings = room.Settings, Seq = room.Seq };
            var written = stored is null ? session.Insert(next) : session.Store(next);
            try
            {
                await session.SaveChangesAsync(ct);
                return Remember(written);
            }
            catch (Exception raced) when (raced is DocumentExistsException or VersionConflictException)
            {
                // An event's handler or another replica has just stored it: take theirs, or put ours on top.
            }
        }
    }

    private RoomCopy Remember(RoomCopy copy)
    {
        if (copies.Count >= Crowded)
            copies.Clear();
        return copies.AddOrUpdate(copy.Id, copy, (_, known) => known.Version > copy.Version ? known : copy);
    }
}
