using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>The room where the tests' questions are asked, as its clients know it.</summary>
internal static class Lobby
{
    public const string Stream = "questions/018cc251-f400-7000-8000-000000000001";

    /// <summary>Asks as somebody without cookie or token; only the client id says that it is the same person again.</summary>
    public static async Task<Answer> AskAsync(Uri host, string body, string clientId)
    {
        using var nobody = new Browser(host);
        return await nobody.Post("/api/questions", new { body, clientId });
    }

    public static Task<long> CountAsync(TestDatabase database, string clientId) =>
        database.ScalarAsync<long>($"select count(*) from questions.question where data ->> 'clientId' = '{clientId}'");

    public static async Task AllSeeAsync(IEnumerable<Follower> followers, params Guid[] questions)
    {
        foreach (var follower in followers)
            await follower.SeesAsync(questions.Length);
        foreach (var follower in followers)
        {
            follower.Numbers.ShouldBe(Enumerable.Range(1, questions.Length).Select(n => (long)n));
            follower.Subjects.ShouldBe(questions);
        }
    }

    /// <summary>Everything that was saved, once, and in the same gapless order for everybody.</summary>
    public static async Task AllSeeTheSameAsync(IReadOnlyList<Follower> followers, IEnumerable<Poster> people)
    {
        var saved = people.SelectMany(p => p.Saved.Values).Order().ToArray();
        foreach (var follower in followers)
            await follower.SeesAsync(saved.Length);
        followers[0].Numbers.ShouldBe(Enumerable.Range(1, saved.Length).Select(n => (long)n));
        followers[0].Subjects.Order().ShouldBe(saved);
        foreach (var follower in followers)
        {
            follower.Numbers.ShouldBe(followers[0].Numbers);
            follower.Subjects.ShouldBe(followers[0].Subjects);
            follower.Lost.ShouldBe(0);
        }
    }
}
