namespace Modular.Kernel.Documents;

/// <summary>
/// A module's store. <see cref="IDocumentSession"/> injected into an endpoint or event handler belongs to the
/// module whose code it is; elsewhere take the store with <c>[FromKeyedServices("name")]</c> and open a session.
/// </summary>
public interface IDocumentStore
{
    string Module { get; }

    IDocumentSession OpenSession();

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction of its own on the side connection, for statements that a
    /// session's verbs cannot express. Appended events are numbered when the work returns, then it commits.
    /// </summary>
    Task<T> TransactAsync<T>(Func<ISideTransaction, CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Takes or renews the lease <paramref name="name"/> by the database's clock. True while this process holds it;
    /// one holder at a time among all replicas.
    /// </summary>
    Task<bool> HoldLeaseAsync(string name, TimeSpan time, CancellationToken ct);

    /// <summary>
    /// Removes the log of a stream that nobody reads any more, its name too; what is appended later begins at 1. Events that are not yet
    /// published stay: do it again later.
    /// </summary>
    Task ForgetStreamAsync(string stream, CancellationToken ct);

    /// <summary>
    /// Removes what handlers of this module gave up on and that names <paramref name="person"/>. Events that say nothing but the id stay: one of
    /// them is the very event that has them forgotten.
    /// </summary>
    Task ForgetDeadLettersAsync(Guid person, CancellationToken ct);
}

/// <summary>An open transaction on a module's side connection.</summary>
public interface ISideTransaction
{
    /// <summary>Runs a statement with interpolated values as parameters; tables of the module go by their bare names. Rows as read by <paramref name="row"/>.</summary>
    Task<IReadOnlyList<TRow>> QueryAsync<TRow>(FormattableString sql, Func<System.Data.Common.DbDataReader, TRow> row, CancellationToken ct);

    void Append(string stream, Modular.Kernel.Messaging.IEvent happened);
}
