using Modular.Testing;
using Npgsql;

namespace Modular.Cluster.Tests;

[Collection<Alone>]
public sealed class DatabaseLossTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_database_that_is_restarted_and_killed_under_load_loses_and_repeats_nothing()
    {
        await using var postgres = await PostgresProcess.StartAsync();
        await using var host = await HostProcess.StartAsync(postgres.ConnectionString, settings: HostProcess.AsDelivered);
        var followers = await Follower.SeveralAsync(10, host.Address, Lobby.Stream);
        var people = await Poster.SeveralAsync(16, host.Address);
        using var enough = new CancellationTokenSource();
        var asking = Task.WhenAll(people.Select(p => p.KeepAskingAsync(TimeSpan.Zero, enough.Token)));

        await MoreAreSavedAsync(people);
        await postgres.RestartAsync();
        await MoreAreSavedAsync(people);
        await postgres.CrashAsync();
        await MoreAreSavedAsync(people);
        await enough.CancelAsync();
        await asking;

        output.WriteLine($"{people.Sum(p => p.Saved.Count)} saved, {people.Sum(p => p.Unavailable)} answers 503, {people.Sum(p => p.Unanswered)} not answered");
        people.SelectMany(p => p.Strange).ShouldBeEmpty();
        people.Sum(p => p.Unanswered).ShouldBe(0, "the host was there all the time");
        var saved = people.SelectMany(p => p.Saved).ToDictionary();
        (await QuestionsAsync(postgres)).ShouldBe(saved.Select(s => (s.Key, s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal));
        foreach (var follower in followers)
        {
            await follower.SeesAsync(saved.Count);
            follower.Numbers.ShouldBe(Enumerable.Range(1, saved.Count).Select(n => (long)n));
            follower.Subjects.ShouldBe(followers[0].Subjects);
            follower.Lost.ShouldBe(0);
        }

        followers[0].Subjects.Order().ShouldBe(saved.Values.Order());
        await Eventually.Is(async () => (await RowsAsync(postgres, "select event_id::text from questions.outbox")).Count == 0);
        foreach (var follower in followers)
            await follower.DisposeAsync();
        await host.StopAsync();
    }

    private static Task MoreAreSavedAsync(Poster[] people)
    {
        var before = people.Select(p => p.Saved.Count).ToArray();
        return Eventually.Is(() => people.Zip(before).All(p => p.First.Saved.Count >= p.Second + 5));
    }

    private static async Task<IReadOnlyList<(string ClientId, Guid Id)>> QuestionsAsync(PostgresProcess postgres) =>
        [.. (await RowsAsync(postgres, "select concat(data ->> 'clientId', '/', id) from questions.question"))
            .Select(row => row.Split('/')).Select(row => (row[0], Guid.Parse(row[1]))).OrderBy(row => row.Item1, StringComparer.Ordinal)];

    private static async Task<List<string>> RowsAsync(PostgresProcess postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
