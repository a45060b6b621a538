using Modular.Cluster.Tests.Api;

namespace Modular.Cluster.Tests.Decisions;

/// <summary>How an operation answers each of them, to a request that is right in everything else.</summary>
/// <param name="Status">2 stands for any status of success.</param>
internal sealed record Decision(string Key, Func<Asker, int> Status)
{
    public const int Ok = 2;

    public static Decision Anyone(string key) => new(key, _ => Ok);

    public static Decision SignedIn(string key) => Anyone(key).But(401, Asker.Nobody);

    public static Decision Members(string key) => SignedIn(key).But(403, Asker.Guest, Asker.Speaker, Asker.Moderator, Asker.Host);

    /// <summary>Of the room it is about; an admin is a host everywhere.</summary>
    public static Decision Hosts(string key) => new Decision(key, _ => 403).But(401, Asker.Nobody).But(Ok, Asker.Host, Asker.Admin);

    public static Decision Moderators(string key) => Hosts(key).But(Ok, Asker.Moderator);

    public static Decision Admins(string key) => new Decision(key, _ => 403).But(401, Asker.Nobody).But(Ok, Asker.Admin);

    public Decision But(int status, params Asker[] askers) => this with { Status = asker => askers.Contains(asker) ? status : Status(asker) };

    /// <summary>What is wrong with an answer; null where it is as decided.</summary>
    public string? Complaint(Asker asker, int answered, string text)
    {
        var (decided, got) = (Status(asker), answered is >= 200 and < 300 ? Ok : answered);
        return decided == got ? null : $"{Key} as {asker}: {answered} instead of {(decided == Ok ? "success" : decided)}: {text}";
    }
}
