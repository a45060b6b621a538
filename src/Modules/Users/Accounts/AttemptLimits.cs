namespace Modular.Users.Accounts;

/// <summary>What of the section <c>Limits</c> is counted in Postgres, for all replicas together.</summary>
internal sealed class AttemptLimits
{
    public bool Enabled { get; init; } = true;

    /// <summary>Failed sign-ins to one account from one address: whoever guesses locks out themselves and not the owner elsewhere.</summary>
    public AttemptLimit SignInAttempts { get; init; } = new() { Permits = 10, Per = TimeSpan.FromMinutes(15) };

    /// <summary>How often one address may learn that an e-mail has an account here. Nobody registers from there until the time is over.</summary>
    public AttemptLimit TakenEmails { get; init; } = new() { Permits = 5, Per = TimeSpan.FromHours(1) };

    /// <summary>How often somebody may have the link to confirm their own address mailed again.</summary>
    public AttemptLimit VerifyMails { get; init; } = new() { Permits = 5, Per = TimeSpan.FromHours(1) };

    public bool AreRight() => SignInAttempts.IsRight() && TakenEmails.IsRight() && VerifyMails.IsRight();
}

internal sealed class AttemptLimit
{
    public int Permits { get; init; }

    public TimeSpan Per { get; init; }

    public bool IsRight() => Permits > 0 && Per > TimeSpan.Zero && Per <= TimeSpan.FromDays(1);
}
