namespace Modular.Users.Mail;

/// <summary>Why somebody is written to, and what the link in the mail may do.</summary>
internal enum MailKind
{
    Verify,
    Reset,
    SignIn,
}

internal static class MailKinds
{
    /// <summary>How long the link is good.</summary>
    public static TimeSpan Life(this MailKind kind) => kind switch
    {
        MailKind.Verify => TimeSpan.FromDays(2),
        MailKind.Reset => TimeSpan.FromHours(1),
        _ => TimeSpan.FromMinutes(5),
    };

    /// <summary>How long it is worth trying to send it: nobody waits a day for a link to sign in.</summary>
    public static TimeSpan Patience(this MailKind kind) => kind == MailKind.SignIn ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    /// <summary>The page it leads to.</summary>
    public static string Page(this MailKind kind) => kind switch
    {
        MailKind.Verify => "verify",
        MailKind.Reset => "reset",
        _ => "sign-in",
    };
}
