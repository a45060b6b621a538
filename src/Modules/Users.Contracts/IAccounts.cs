using System.Globalization;
using Modular.Kernel.Web;

namespace Modular.Users.Contracts;

/// <summary>What the operator does to accounts from the command line. Rules are those of registering.</summary>
public interface IAccounts
{
    /// <summary>Null where there is no account with this e-mail.</summary>
    Task<KnownAccount?> FindAsync(string email, CancellationToken ct);

    /// <param name="name">A friendly one is found where it is absent.</param>
    /// <exception cref="RefusedToRunException">A sentence says what is wrong, for example that there is such an account.</exception>
    Task MakeAsync(string email, string? name, string password, bool admin, CancellationToken ct);

    /// <summary>
    /// Makes an account that there is an admin's. Anybody may have registered the address: so from now on only the new password opens the
    /// account, and whoever was signed in to it is out.
    /// </summary>
    /// <returns>What it was until now.</returns>
    /// <exception cref="RefusedToRunException">There is no such account, or the password does not do.</exception>
    Task<KnownAccount> TakeOverAsync(string email, string password, CancellationToken ct);
}

/// <summary>By which an operator tells whose account it is.</summary>
public sealed record KnownAccount(string Email, string Name, DateTimeOffset MadeAt, bool IsConfirmed)
{
    /// <summary>For a terminal, which a name must not steer; last, because whoever chose it may want it to read like more of the sentence.</summary>
    public override string ToString() =>
        $"{Email} was registered on {MadeAt:u}, {(IsConfirmed ? "the address is confirmed" : "nobody has confirmed the address")}; its name is \"{Plain(Name)}\".";

    private static string Plain(string name) =>
        string.Concat(name.Where(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format)));
}
