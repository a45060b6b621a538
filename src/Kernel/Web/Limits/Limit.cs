namespace Modular.Kernel.Web.Limits;

/// <summary>Whose requests one budget is for.</summary>
public enum LimitBy
{
    /// <summary>The signed-in user, wherever they are: a venue is one address.</summary>
    Person,

    /// <summary>The IPv4 address, or the /64 of an IPv6 one, which is one household or phone.</summary>
    Address,
}

/// <summary>A limit that a module has declared with <see cref="Limiting.AddLimit"/>.</summary>
internal sealed record DeclaredLimit(string Name, LimitBy By)
{
    /// <summary>Where its settings are: <c>Limits:SignIn</c> for <c>sign-in</c>.</summary>
    public string Section => $"Limits:{string.Concat(Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}";
}

/// <summary>The settings of one limit, <c>Limits:{Name}</c>: what the module that declared it thinks right, unless said otherwise.</summary>
public sealed class LimitRule
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>So many every <see cref="Per"/>.</summary>
    public int Permits { get; set; }

    public TimeSpan Per { get; set; }

    /// <summary>So many at once after a quiet time; as many as <see cref="Permits"/> where absent.</summary>
    public int? Burst { get; set; }

    internal int Most => Burst ?? Permits;

    internal IEnumerable<string> Wrong(string section)
    {
        if (Permits < 1)
            yield return $"{section}:Permits must be a whole number from 1; to turn all limits off, set Limits:Enabled to false.";
        // A bare number would be days: the upper bound tells whoever writes 10 for ten seconds.
        if (Per <= TimeSpan.Zero || Per > Longest)
            yield return $"{section}:Per must be a time longer than 00:00:00 and up to a day, such as 00:01:00 for a minute.";
        if (Burst < 1)
            yield return $"{section}:Burst must be a whole number from 1, or absent.";
    }
}

/// <summary>On an endpoint: every request takes from the budget of this name.</summary>
internal sealed record LimitMetadata(string Name);
