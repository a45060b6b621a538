namespace Modular.Users.Mail;

/// <summary>
/// What mails say. Nothing that a person wrote stands in them, not even a name: else anybody could have us mail
/// their words to anybody.
/// </summary>
internal static class MailTexts
{
    public static Letter Write(MailKind kind, Guid id, string to, string site, Uri link)
    {
        var (subject, before, after) = kind switch
        {
            MailKind.Verify => (
                $"Confirm your address for {site}",
                $"somebody, we think you, has registered at {site} with this address. Open this link to confirm that it is yours:",
                "It works once, within two days.\n\nIf it was not you, leave this mail alone, and the address stays unconfirmed."),
            MailKind.Reset => (
                $"A new password for {site}",
                $"somebody, we think you, wants a new password at {site}. Open this link to choose it:",
                "It works once, within an hour, and signs you out everywhere else.\n\nIf it was not you, leave this mail alone, and your password stays as it is."),
            _ => (
                $"Your link to sign in to {site}",
                $"somebody, we think you, wants to sign in to {site}. Open this link on the device you want to use:",
                "It works once, within five minutes. Whoever has it can sign in as you, so do not pass it on.\n\nIf it was not you, leave this mail alone, and nobody gets in."),
        };
        return new Letter(id, to, subject, $"Hello,\n\n{before}\n\n{link}\n\n{after}\n\n-- \n{site}\n", link);
    }
}
