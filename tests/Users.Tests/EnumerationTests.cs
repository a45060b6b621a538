using System.Collections.Concurrent;
using System.Diagnostics;
using Modular.Testing;
using Modular.Users.Tests.Smtp;
using Npgsql;

namespace Modular.Users.Tests;

/// <summary>Whoever asks for a mail learns nothing of whether there is an account.</summary>
public sealed class EnumerationTests(Town town) : IClassFixture<Town>
{
    [Theory]
    [InlineData("/api/users/forgot")]
    [InlineData("/api/users/magic-link")]
    public async Task Known_and_unknown_addresses_get_one_answer_after_the_same_statements_and_nobody_is_looked_up(string path)
    {
        var (email, _) = await town.AccountAsync();
        await town.QuietAsync();        // what another path asked for is not sent meanwhile
        await using var hold = new NpgsqlConnection(town.Product.Database.ConnectionString);
        await hold.OpenAsync();
        await using var locking = new NpgsqlCommand("begin; lock table users.account, users.\"user\", users.session, users.mail_link in access exclusive mode", hold);
        await locking.ExecuteNonQueryAsync();

        var (known, forKnown) = await AskedAsync(path, email);
        var (unknown, forUnknown) = await AskedAsync(path, Town.NewEmail());

        unknown.Status.ShouldBe(200);
        unknown.Text.ShouldBe(known.Text);
        Told(unknown).ShouldBe(Told(known));
        forUnknown.ShouldBe(forKnown);
        forKnown.ShouldContain(s => s.Contains("insert into users.mail_request", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Told(Answer answer) =>
        answer.Headers.Where(h => h.Key.ToLowerInvariant() is not ("x-request-id" or "date")).Select(h => $"{h.Key}: {h.Value}").Order();

    private async Task<(Answer Answer, string[] Statements)> AskedAsync(string path, string email)
    {
        var said = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.namespace") is string name && name.StartsWith(town.Product.Database.Name, StringComparison.Ordinal)
                    && activity.GetTagItem("db.query.text") is string text && IsOfPeople(text))
                    said.Enqueue(text);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var somebody = town.Product.Somebody();
        var answer = await somebody.Post(path, new { email });
        return (answer, [.. said]);
    }

    /// <summary>Neither a heartbeat nor the question what is due, which come at any time.</summary>
    private static bool IsOfPeople(string statement) =>
        new[] { "mail_", "account", "\"user\"", "session", "attempt_count" }.Any(table => statement.Contains(table, StringComparison.Ordinal))
        && !statement.Contains("next_at <=", StringComparison.Ordinal);
}
