using System.Diagnostics;
using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class VoteTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_vote_counts_once_and_can_be_taken_back_once()
    {
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var asked = (await ann.Post("/api/questions", new { body = "Why?" })).Must(201);
        for (var i = 0; i < 2; i++)
            ShouldBe(await bob.Put($"/api/questions/{asked.Id}/vote"), votes: 2, voted: true);
        (await bob.Get($"/api/questions/{asked.Id}")).Must(200)["voted"].GetBoolean().ShouldBeTrue();
        for (var i = 0; i < 2; i++)
            ShouldBe(await bob.Delete($"/api/questions/{asked.Id}/vote"), votes: 1, voted: false);
        ShouldBe(await ann.Delete($"/api/questions/{asked.Id}/vote"), votes: 0, voted: false);
        (await bob.Put($"/api/questions/{Guid.CreateVersion7()}/vote")).Must(404).Problem.ShouldBe("question-not-found");
        (await bob.Put("/api/questions/x/vote")).Must(404);
    }

    [Fact]
    public async Task A_hundred_voters_at_once_lose_no_vote_and_the_stream_ends_with_their_count()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var asked = (await host.Post("/api/questions", new { body = "Why?", room = room.Id })).Must(201);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async n =>
        {
            using var voter = Product.Somebody();
            (await voter.Put($"/api/questions/{asked.Id}/vote")).Must(200);
            if (n % 4 == 0)
                (await voter.Delete($"/api/questions/{asked.Id}/vote")).Must(200);
        }));
        (await host.Get($"/api/questions/{asked.Id}")).Must(200)["votes"].GetInt32().ShouldBe(76);
        var events = await Events.UntilAsync(Product, room.Id, e => e[^1].Type == "question.voted" && e[^1].Json.GetProperty("votes").GetInt32() == 76);
        ((double)events.Count(e => e.Type == "question.voted")).ShouldBeLessThan((4 * Stopwatch.GetElapsedTime(began).TotalSeconds) + 2, "four times a second at most");
        events[^1].Json.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "votes"]);
    }

    [Fact]
    public async Task One_person_pressing_twenty_times_at_once_has_one_vote()
    {
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        (await bob.Post("/api/users/guests", new { })).Must(201);
        var asked = (await ann.Post("/api/questions", new { body = "Why?" })).Must(201);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await bob.Put($"/api/questions/{asked.Id}/vote")).Must(200)));
        (await ann.Get($"/api/questions/{asked.Id}")).Must(200)["votes"].GetInt32().ShouldBe(2);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await bob.Delete($"/api/questions/{asked.Id}/vote")).Must(200)));
        (await ann.Get($"/api/questions/{asked.Id}")).Must(200)["votes"].GetInt32().ShouldBe(1);
    }

    private static void ShouldBe(Answer answer, int votes, bool voted)
    {
        answer.Must(200)["votes"].GetInt32().ShouldBe(votes);
        answer["voted"].GetBoolean().ShouldBe(voted);
    }
}
