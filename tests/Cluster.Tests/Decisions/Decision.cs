namespace Modular.Cluster.Tests.Decisions;

/// <summary>What kind of person asks.</summary>
internal enum Asker
{
    /// <summary>Without credentials.</summary>
    Nobody,

    Guest,
    Member,

    /// <summary>A member who hosts a room, and not the one that the request is about.</summary>
    HostElsewhere,

    /// <summary>A guest, whose room the request is about.</summary>
    Host,

    Admin,
}

/// <summary>How an operation answers each of them, to a request that is right in everything else.</summary>
/// <param name="Status">2 stands for any status of success.</param>
internal sealed record Decision(string Key, Func<Asker, int> Status)
{
    public const int Ok = 2;

    public static Decision Anyone(string key) => new(key, _ => Ok);

    public static Decision SignedIn(string key) => Anyone(key).But(401, Asker.Nobody);

    public static Decision HostOnly(string key) => new Decision(key, _ => 403).But(401, Asker.Nobody).But(Ok, Asker.Host);

    public Decision But(int status, params Asker[] askers) => this with { Status = asker => askers.Contains(asker) ? status : Status(asker) };

    /// <summary>What is wrong with an answer; null where it is as decided.</summary>
    public string? Complaint(Asker asker, int answered, string text)
    {
        var (decided, got) = (Status(asker), answered is >= 200 and < 300 ? Ok : answered);
        return decided == got ? null : $"{Key} as {asker}: {answered} instead of {(decided == Ok ? "success" : decided)}: {text}";
    }
}
