using Modular.Kernel.Web;

namespace Modular.Users.Contracts;

/// <summary>What the operator does to accounts from the command line. Rules are those of registering.</summary>
public interface IAccounts
{
    Task<bool> ExistsAsync(string email, CancellationToken ct);

    /// <param name="name">A friendly one is found where it is absent.</param>
    /// <exception cref="RefusedToRunException">A sentence says what is wrong, for example that there is such an account.</exception>
    Task MakeAsync(string email, string? name, string password, bool admin, CancellationToken ct);

    /// <summary>Whoever it is, they are an admin from now on, and no longer banned.</summary>
    /// <exception cref="RefusedToRunException">There is no such account.</exception>
    Task MakeAdminAsync(string email, CancellationToken ct);
}
