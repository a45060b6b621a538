using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;

namespace Modular.Users.Accounts;

/// <summary>Asks for the password of somebody who is signed in: whoever finds an unlocked phone has the session, not this.</summary>
internal sealed class CurrentPassword(Attempts attempts, Passwords passwords, IOptions<AttemptLimits> limits)
{
    public static Refused Wrong => Refused.Forbidden("password-wrong", "This is not your current password.");

    /// <summary>Null where it is theirs. Guesses count with those at the door.</summary>
    public async Task<Refused?> WhyNotAsync(Account account, string? password, HttpContext http, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(password))
            return Refused.Input("current-required", "current", "Current password is required");
        var (attempt, tooMany) = await attempts.TryAsync(http, limits.Value.SignInAttempts, ct, SignInAttempt.Of(account.Email, http));
        if (tooMany is not null)
            return tooMany;
        var check = await passwords.VerifyAsync(account, password, ClientAddress.Of(http), ct);
        if (check == PasswordCheck.Wrong)
            return Wrong;
        await attempts.TakeBackAsync(attempt, ct);
        return check == PasswordCheck.Busy ? Passwords.Busy : null;
    }
}
