using System.Linq.Expressions;
using Modular.Kernel.Messaging;

namespace Modular.Kernel.Documents;

/// <summary>
/// A unit of work on one module's store. Verbs only note what is to be done; <see cref="SaveChangesAsync"/>
/// does all of it in one durable commit, shared with whoever else is committing, or none of it.
/// Not thread-safe; use one per request, handler call or background step.
/// </summary>
public interface IDocumentSession
{
    Task<T?> LoadAsync<T>(Guid id, CancellationToken ct) where T : Document;

    /// <summary>
    /// Documents by SQL from <c>where</c> on, for example
    /// <c>$"where room_id = {roomId} order by votes desc, id desc limit {limit}"</c>. Interpolated values are
    /// always parameters. Columns are those the module declared, in snake_case, and <c>id</c>, <c>version</c>,
    /// <c>created_at</c>, <c>updated_at</c>.
    /// </summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(FormattableString where, CancellationToken ct) where T : Document;

    /// <summary>As <see cref="QueryAsync{T}"/>, but only the ids, in order.</summary>
    Task<IReadOnlyList<Guid>> QueryIdsAsync<T>(FormattableString where, CancellationToken ct) where T : Document;

    /// <summary>Where a stream of this module stands in the log now; 0 for one that has no event yet.</summary>
    Task<StreamPosition> PositionAsync(string stream, CancellationToken ct);

    /// <summary>Adds a new document. Returns it as it will be stored: version 1, times set.</summary>
    /// <remarks>Commit fails with <see cref="DocumentExistsException"/> where its id or a unique value is taken.</remarks>
    T Insert<T>(T document) where T : Document;

    /// <summary>Replaces a loaded document. Returns it as it will be stored: version + 1. Counters are left alone.</summary>
    /// <remarks>Commit fails with <see cref="VersionConflictException"/> if it changed or went since it was loaded.</remarks>
    T Store<T>(T document) where T : Document;

    /// <summary>Removes a loaded document; fails as <see cref="Store{T}"/> does.</summary>
    void Delete<T>(T document) where T : Document;

    /// <summary>Adds to a counter column: commutative, summed per batch, no version check, no version bump. A missing row is a <see cref="VersionConflictException"/>.</summary>
    void Increment<T>(Guid id, Expression<Func<T, int>> counter, int delta) where T : Document;

    /// <summary>The document must still be as it was read when this session commits; nothing is written (guards against write skew).</summary>
    void Expect<T>(T document) where T : Document;

    /// <summary>Appends an event to a stream of this module; its number is given in the commit. For all readers of the stream.</summary>
    void Append(string stream, IEvent happened);

    /// <summary>Publishes an event to handlers of modules only; it never appears on a live wire.</summary>
    void Publish(IEvent happened);

    /// <summary>Earlier events of <paramref name="subject"/> on <paramref name="stream"/> keep their numbers but their data becomes <c>{"id": subject}</c>.</summary>
    void Redact(string stream, Guid subject);

    /// <summary>Commits. A session with nothing noted returns at once.</summary>
    /// <exception cref="VersionConflictException">Something read has changed; nothing was written.</exception>
    /// <exception cref="DocumentExistsException">An id or unique value is taken; nothing was written.</exception>
    /// <exception cref="CommitUnavailableException">Not taken in 5 s (or the database is away); nothing was written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The database did not say in time; it may have been saved.</exception>
    Task SaveChangesAsync(CancellationToken ct);
}

/// <summary>A place in a stream's log. <paramref name="Epoch"/> changes when a restore or failover may have rewound numbers.</summary>
public sealed record StreamPosition(string Name, string Epoch, long Seq);
