namespace Modular.Kernel.Web;

/// <summary>
/// Where the module that owns sign-in says that sessions have ended, or that their person has changed, once that is committed: every
/// replica then asks at once what it would ask some seconds later.
/// </summary>
public interface IRevocations
{
    /// <summary>Returns at once and never fails because of the bus.</summary>
    void SessionsChanged(params IReadOnlyCollection<Guid> sessions);
}

/// <summary>
/// Hears on every replica of sessions that may have ended or whose person may have changed. Only a hint: it may be lost, late or false, so forget what is
/// remembered of them and ask the database. Must return at once.
/// </summary>
public interface IRevocationListener
{
    void SessionsMayHaveChanged(IReadOnlyCollection<Guid> sessions);
}
