using System.Linq.Expressions;
using System.Text.Json;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Messaging;
using Modular.Kernel.Observability;

namespace Modular.Kernel.Documents;

internal sealed class DocumentSession(DocumentStore store, string? requestId) : IDocumentSession
{
    private const int SideBytes = 64 * 1024;
    private const int SideOperations = 200;

    private WriteSet writes = new() { RequestId = requestId };

    /// <summary>The event this session is the handling of; it goes into the inbox with the next commit.</summary>
    public InboxWrite? Inbox
    {
        get => writes.Inbox;
        set => writes.Inbox = value;
    }

    /// <summary>The dead letter this session handles anew; it is gone with the next commit, or the commit is refused.</summary>
    public InboxWrite? Replays
    {
        set => writes.Replays = value;
    }

    public DeadLetterWrite? DeadLetter
    {
        set => writes.DeadLetter = value;
    }

    public async Task<T?> LoadAsync<T>(Guid id, CancellationToken ct) where T : Document =>
        (await QueryAsync<T>($"where id = {id}", ct)) is [var found] ? found : null;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(FormattableString where, CancellationToken ct) where T : Document
    {
        var table = store.TableOf(typeof(T));
        await using var command = store.Database.Reads.CreateCommand();
        SqlText.Apply(command, $"select {table.Selected} from {table.Source} ", where);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await DocumentReader.ReadAllAsync<T>(reader, table, ct);
    }

    public async Task<IReadOnlyList<Guid>> QueryIdsAsync<T>(FormattableString where, CancellationToken ct) where T : Document
    {
        var table = store.TableOf(typeof(T));
        await using var command = store.Database.Reads.CreateCommand();
        SqlText.Apply(command, $"select id from {table.Source} ", where);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    public async Task<StreamPosition> PositionAsync(string stream, CancellationToken ct)
    {
        store.RequireOwn(stream);
        var heads = await store.Log.HeadsAsync([stream], ct);
        return new StreamPosition(stream, store.Database.Epoch, heads[stream]);
    }

    public T Insert<T>(T document) where T : Document
    {
        var now = Stamp.Now(store.Clock);
        var stored = (T)((Document)document with { Version = 1, CreatedAt = now, UpdatedAt = now });
        Add(WriteKind.Insert, stored, version: null);
        return stored;
    }

    public T Store<T>(T document) where T : Document
    {
        var stored = (T)((Document)document with { Version = document.Version + 1, UpdatedAt = Stamp.Now(store.Clock) });
        Add(WriteKind.Update, stored, document.Version);
        return stored;
    }

    public void Delete<T>(T document) where T : Document =>
        writes.Add(new DocumentWrite(WriteKind.Delete, store.TableOf(typeof(T)), document.Id, document.Version));

    public void Increment<T>(Guid id, Expression<Func<T, int>> counter, int delta) where T : Document
    {
        var table = store.TableOf(typeof(T));
        var name = Sql.Snake(((MemberExpression)counter.Body).Member.Name);
        if (!table.Counters.Any(c => string.Equals(c.Name, name, StringComparison.Ordinal)))
            throw new InvalidOperationException($"{typeof(T).Name} declares no counter {name}.");
        writes.Add(new DocumentWrite(WriteKind.Increment, table, id, Counter: name, Delta: delta));
    }

    public void Expect<T>(T document) where T : Document =>
        writes.Add(new DocumentWrite(WriteKind.Expect, store.TableOf(typeof(T)), document.Id, document.Version));

    public void Append(string stream, IEvent happened)
    {
        store.RequireOwn(stream);
        writes.Add(store.Write(stream, happened));
    }

    public void Publish(IEvent happened) => writes.Add(store.Write(null, happened));

    public void Redact(string stream, Guid subject)
    {
        store.RequireOwn(stream);
        writes.Redactions.Add((stream, subject));
    }

    public async Task SaveChangesAsync(CancellationToken ct)
    {
        if (writes.IsEmpty)
            return;
        var saved = writes;
        saved.Trace = Traces.Current;
        using var span = saved.Trace is null ? null : Traces.Source.StartActivity($"commit {store.Module}");
        writes = new WriteSet { RequestId = requestId };
        if (saved.Size > SideBytes || saved.Operations > SideOperations)
            await store.SideCommit.CommitAsync(saved, ct);
        else
            await store.Loop.CommitAsync(saved, ct);
    }

    private void Add(WriteKind kind, Document document, int? version)
    {
        var table = store.TableOf(document.GetType());
        writes.Add(new DocumentWrite(kind, table, document.Id, version, document, table.Serialize(document)));
    }
}
