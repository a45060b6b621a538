using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web.Limits;

/// <summary>
/// The budgets of everybody this process has served lately. Each replica counts for itself: a limit keeps one person from drowning a room, and
/// that needs no agreement with others. A budget that has been full for ten seconds is forgotten.
/// </summary>
public sealed class RateLimits : IDisposable
{
    /// <summary>The limit on making guests, declared by the module that makes them: it holds wherever a call may make one.</summary>
    public const string Guests = "guests";

    private readonly Dictionary<string, (LimitBy By, LimitRule Rule)> limits;
    private readonly PartitionedRateLimiter<Owner>? budgets;

    internal RateLimits(IEnumerable<DeclaredLimit> declared, IOptionsMonitor<LimitRule> rules, IOptions<LimitSettings> settings, TimeProvider clock)
    {
        limits = declared.DistinctBy(d => d.Name, StringComparer.Ordinal)
            .ToDictionary(d => d.Name, d => (d.By, rules.Get(d.Name)), StringComparer.Ordinal);
        if (!settings.Value.Enabled)
            return;
        Func<Owner, RateLimiter> make = owner => new Budget(owner.Rule, clock);
        budgets = PartitionedRateLimiter.Create<Owner, Owner>(owner => RateLimitPartition.Get(owner, make));
    }

    /// <summary>
    /// Takes a permit of the limit called <paramref name="name"/> for whoever makes the request, and says on the answer what is left. False, with
    /// the answer, where there is none.
    /// </summary>
    public bool TryTake(HttpContext http, string name, [NotNullWhen(false)] out Refused? refused) =>
        Take(http, name, Who(http, limits[name].By), permits: 1, out refused);

    /// <summary>For a <paramref name="person"/> whom the request itself is about to make: what its endpoint asks of everybody who is signed in.</summary>
    public bool TryTakeAs(Guid person, HttpContext http, [NotNullWhen(false)] out Refused? refused)
    {
        refused = null;
        return http.GetEndpoint()?.Metadata.GetMetadata<LimitMetadata>() is not { } limit || limits[limit.Name].By is not LimitBy.Person
            || Take(http, limit.Name, person.ToString(), permits: 1, out refused);
    }

    /// <summary>Whether there is a permit, without taking it.</summary>
    public bool HasLeft(HttpContext http, string name, [NotNullWhen(false)] out Refused? refused) =>
        Take(http, name, Who(http, limits[name].By), permits: 0, out refused);

    /// <summary>For a permit that was taken and turned out not to be needed.</summary>
    public void GiveBack(HttpContext http, string name)
    {
        if (budgets is null || Who(http, limits[name].By) is not { } who)
            return;
        using var asked = Ask(name, who, permits: 0);
        asked.GiveBack();
    }

    public void Dispose() => budgets?.Dispose();

    private bool Take(HttpContext http, string name, string? who, int permits, [NotNullWhen(false)] out Refused? refused)
    {
        refused = null;
        if (budgets is null || who is null)
            return true;
        using var taking = Ask(name, who, permits);
        if (taking.IsAcquired && permits == 0)
            return true;
        RateLimitHeaders.Set(http, taking.Most, taking.Left, taking.Reset);
        if (!taking.IsAcquired)
            refused = Refused.TooMany("too-many-requests", $"That was too much at once. Try again in {RateLimitHeaders.InWords(taking.Wait)}.", taking.Wait);
        return refused is null;
    }

    private Taking Ask(string name, string who, int permits) => (Taking)budgets!.AttemptAcquire(new Owner(limits[name].Rule, who), permits);

    private static string? Who(HttpContext http, LimitBy by) => by switch
    {
        LimitBy.Address => ClientAddress.Of(http),
        _ => Caller.From(http.User)?.UserId.ToString(),
    };

    private readonly record struct Owner(LimitRule Rule, string Who);
}
