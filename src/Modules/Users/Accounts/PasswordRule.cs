using Modular.Kernel.Web;

namespace Modular.Users.Accounts;

/// <summary>
/// What a password must be: long enough and not among the first that are guessed, and nothing else (NIST SP 800-63B, 3.1.1.2: rules about
/// its letters make people choose worse ones). The upper bound is there because hashing reads all of it.
/// </summary>
internal static class PasswordRule
{
    private const int Shortest = 8;
    private const int Longest = 200;

    /// <param name="own">The person's name and address, as far as they are known: neither is a password.</param>
    public static Refused? Wrong(string? password, params ReadOnlySpan<string?> own) => password switch
    {
        null or "" => Refused.Input("password-required", "password", "Password is required"),
        _ when PlainText.Length(password) < Shortest => Refused.Input("password-too-short", "password", $"Password must have at least {Shortest} characters"),
        _ when IsTooLong(password) => Refused.Input("password-too-long", "password", $"Password may have {Longest} characters"),
        _ when EasyPasswords.Has(password, own) => Refused.Input(
            "password-too-easy", "password", "Password is too easy to guess. Choose another one, for example a few words that do not belong together"),
        _ => null,
    };

    /// <summary>It was never taken, so it is nobody's.</summary>
    public static bool IsTooLong(string password) => PlainText.Length(password) > Longest;
}
