using Modular.Kernel.Web;

namespace Modular.Users.Accounts;

/// <summary>
/// What a password must be: long enough, and nothing else (NIST SP 800-63B, 3.1.1.2: rules about its letters make people
/// choose worse ones). The upper bound is there because hashing reads all of it.
/// </summary>
internal static class PasswordRule
{
    private const int Shortest = 8;
    private const int Longest = 200;

    public static Refused? Wrong(string? password, string? email = null) => password switch
    {
        null or "" => Refused.Input("password-required", "password", "Password is required"),
        _ when PlainText.Length(password) < Shortest => Refused.Input("password-too-short", "password", $"Password must have at least {Shortest} characters"),
        _ when PlainText.Length(password) > Longest => Refused.Input("password-too-long", "password", $"Password may have {Longest} characters"),
        _ when IsGuessed(password, email) => Refused.Input("password-too-easy", "password", "Password is too easy to guess. Choose another one"),
        _ => null,
    };

    /// <summary>One character over and over, or the address itself.</summary>
    private static bool IsGuessed(string password, string? email) =>
        password.Distinct().Count() == 1 || string.Equals(password, email?.Trim(), StringComparison.OrdinalIgnoreCase);
}
