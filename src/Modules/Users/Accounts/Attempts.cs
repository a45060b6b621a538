using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Users.Keys;

namespace Modular.Users.Accounts;

/// <summary>How often one thing was tried from one place since its window began.</summary>
internal sealed record AttemptCount : Document
{
    public int Count { get; init; }

    public DateTimeOffset EndsAt { get; init; }
}

/// <param name="Count">This one included.</param>
internal sealed record Attempt(Guid Key, int Count, DateTimeOffset EndsAt);

/// <summary>
/// Counts tries in Postgres, so that more replicas give nobody more of them. Each is counted before it is looked at: of
/// many at once none gets past the limit. Keys are an HMAC, so the table names neither addresses nor people.
/// </summary>
internal sealed class Attempts([FromKeyedServices("users")] IDocumentStore store, SharedSecret secret, IOptions<AttemptLimits> limits, TimeProvider clock)
{
    /// <summary>Counts one more, or refuses it. Nothing is counted where limits are off.</summary>
    /// <param name="what">The kind of try and what it is about, for example <c>sign-in</c>, the e-mail and the address it came from.</param>
    public async Task<(Attempt? Counted, Refused? TooMany)> TryAsync(HttpContext http, AttemptLimit limit, CancellationToken ct, params string[] what)
    {
        if (!limits.Value.Enabled)
            return (null, null);
        var attempt = await CountAsync(KeyOf(what), limit.Per, ct);
        var wait = attempt.EndsAt - clock.GetUtcNow();
        RateLimitHeaders.Set(http, limit.Permits, Math.Max(0, limit.Permits - attempt.Count), wait);
        return (attempt, attempt.Count > limit.Permits ? TooMany(wait) : null);
    }

    /// <summary>What <see cref="TryAsync"/> would say, without a try.</summary>
    public async Task<Refused?> LookAsync(AttemptLimit limit, CancellationToken ct, params string[] what) =>
        limits.Value.Enabled
        && await store.OpenSession().LoadAsync<AttemptCount>(KeyOf(what), ct) is { } counted
        && counted.Count >= limit.Permits && counted.EndsAt - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero
            ? TooMany(wait)
            : null;

    /// <summary>For a try that turned out to be none of those that are limited.</summary>
    public async Task TakeBackAsync(Attempt? attempt, CancellationToken ct)
    {
        if (attempt is not null)
            await store.TransactAsync(
                (transaction, token) => transaction.QueryAsync(
                    $"update attempt_count set count = count - 1 where id = {attempt.Key} and ends_at = {attempt.EndsAt} returning count", row => row.GetInt32(0), token),
                ct);
    }

    private Task<Attempt> CountAsync(Guid key, TimeSpan window, CancellationToken ct) => store.TransactAsync(
        async (transaction, token) =>
        {
            var now = clock.GetUtcNow();
            return (await transaction.QueryAsync(
                $"""
                 insert into attempt_count as a (id, data, version, created_at, updated_at, count, ends_at)
                 values ({key}, jsonb_build_object('endsAt', {now + window}), 1, {now}, {now}, 1, {now + window})
                 on conflict (id) do update set updated_at = excluded.updated_at,
                   count = case when a.ends_at <= {now} then 1 else a.count + 1 end,
                   data = case when a.ends_at <= {now} then excluded.data else a.data end,
                   ends_at = case when a.ends_at <= {now} then excluded.ends_at else a.ends_at end
                 returning count, ends_at
                 """,
                row => new Attempt(key, row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1)), token))[0];
        },
        ct);

    private Guid KeyOf(string[] what) =>
        new(HMACSHA256.HashData(secret.Key("attempts"), Encoding.UTF8.GetBytes(string.Join('\n', what))).AsSpan(0, 16));

    private static Refused TooMany(TimeSpan wait) =>
        Refused.TooMany("too-many-attempts", $"Too many tries. Wait {RateLimitHeaders.InWords(wait)}, then try again.", wait);
}
