using Microsoft.AspNetCore.Http;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;

namespace Modular.Users.Accounts;

internal static class SignInAttempt
{
    /// <summary>What <see cref="Attempts"/> count of somebody who says a password: the account and where they are.</summary>
    public static string[] Of(string email, HttpContext http) => ["sign-in", Account.KeyOf(EmailAddress.Kept(email)), ClientAddress.Of(http)];
}

internal static class BannedRefusal
{
    /// <summary>Only for who has shown who they are: others do not learn it.</summary>
    public static Refused Refused => Refused.Forbidden("banned", "This account has been banned here. Ask the people who run this site.");
}
