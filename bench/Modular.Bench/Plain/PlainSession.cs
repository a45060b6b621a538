using System.Linq.Expressions;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Messaging;

namespace Modular.Bench.Plain;

/// <summary>The one event of a plain session.</summary>
internal sealed record Appended(string Stream, IEvent Happened);

/// <summary>A session that reads as the product's does and commits the plain way.</summary>
/// <param name="commit">Commits the documents with one event, however that is told to others.</param>
internal sealed class PlainSession(DocumentStore store, Func<WriteSet, Appended, CancellationToken, Task> commit, string? requestId) : IDocumentSession
{
    private const string Missing = "The plain way is written for inserts, expectations and one appended event.";
    private readonly DocumentSession reads = store.OpenSession(requestId);
    private WriteSet writes = new() { RequestId = requestId };
    private Appended? appended;

    public Task<T?> LoadAsync<T>(Guid id, CancellationToken ct) where T : Document => reads.LoadAsync<T>(id, ct);

    public Task<IReadOnlyList<T>> QueryAsync<T>(FormattableString where, CancellationToken ct) where T : Document => reads.QueryAsync<T>(where, ct);

    public Task<IReadOnlyList<Guid>> QueryIdsAsync<T>(FormattableString where, CancellationToken ct) where T : Document => reads.QueryIdsAsync<T>(where, ct);

    public Task<StreamPosition> PositionAsync(string stream, CancellationToken ct) => reads.PositionAsync(stream, ct);

    public T Insert<T>(T document) where T : Document
    {
        var now = Stamp.Now(store.Clock);
        var stored = (T)((Document)document with { Version = 1, CreatedAt = now, UpdatedAt = now });
        var table = store.TableOf(typeof(T));
        writes.Add(new DocumentWrite(WriteKind.Insert, table, stored.Id, null, stored, table.Serialize(stored)));
        return stored;
    }

    public void Expect<T>(T document) where T : Document =>
        writes.Add(new DocumentWrite(WriteKind.Expect, store.TableOf(typeof(T)), document.Id, document.Version));

    public void Append(string stream, IEvent happened)
    {
        store.RequireOwn(stream);
        appended = appended is null ? new Appended(stream, happened) : throw new NotSupportedException(Missing);
    }

    public async Task SaveChangesAsync(CancellationToken ct)
    {
        var (saved, told) = (writes, appended ?? throw new NotSupportedException(Missing));
        (writes, appended) = (new WriteSet { RequestId = requestId }, null);
        await commit(saved, told, ct);
    }

    public T Store<T>(T document) where T : Document => throw new NotSupportedException(Missing);

    public void Delete<T>(T document) where T : Document => throw new NotSupportedException(Missing);

    public void Increment<T>(Guid id, Expression<Func<T, int>> counter, int delta) where T : Document => throw new NotSupportedException(Missing);

    public void Publish(IEvent happened) => throw new NotSupportedException(Missing);

    public void Redact(string stream, Guid subject) => throw new NotSupportedException(Missing);
}
