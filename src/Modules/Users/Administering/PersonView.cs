using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Users.Accounts;

namespace Modular.Users.Administering;

/// <summary>A person as an admin sees them; a guest has no address.</summary>
internal sealed record PersonView(
    Guid Id, string Name, UserKind Kind, IReadOnlyList<string> Roles, string? Email, bool? EmailVerified, DateTimeOffset? BannedAt, DateTimeOffset CreatedAt)
{
    public static PersonView Of(User user, Account? account) => new(
        user.Id, user.Name, user.Kind, user.Roles, account?.Email, account is null ? null : account.VerifiedAt is not null, user.BannedAt, user.CreatedAt);
}

internal static class AdminRefusals
{
    public static Refused Unknown => Refused.NotFound("user-not-found", "There is no such person.");

    /// <summary>A site whose last admin has banned or deleted themselves has nobody to undo it.</summary>
    public static Refused Yourself => Refused.Conflict("not-yourself", "You cannot do this to yourself. Ask another admin.");
}
