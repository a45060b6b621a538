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
}

/// <summary>An open transaction on a module's side connection.</summary>
public interface ISideTransaction
{
    /// <summary>Runs a statement with interpolated values as parameters; tables of the module go by their bare names. Rows as read by <paramref name="row"/>.</summary>
    Task<IReadOnlyList<TRow>> QueryAsync<TRow>(FormattableString sql, Func<System.Data.Common.DbDataReader, TRow> row, CancellationToken ct);

    void Append(string stream, Modular.Kernel.Messaging.IEvent happened);
}
