using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class AnswerTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Fact]
    public async Task An_answered_question_has_its_own_list_and_can_be_reopened()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var asked = (await ann.Post("/api/questions", new { body = "Why?", room = room.Id })).Must(201);
        (await host.Post($"/api/questions/{asked.Id}/reopen")).Must(409).Problem.ShouldBe("question-not-answered");
        (await host.Post($"/api/questions/{asked.Id}/answer")).Must(200)["state"].GetString().ShouldBe("answered");
        (await host.Post($"/api/questions/{asked.Id}/answer")).Must(409).Problem.ShouldBe("question-not-live");
        (await ann.Delete($"/api/questions/{asked.Id}/vote")).Must(409).Problem.ShouldBe("question-answered");
        (await ann.Get($"/api/questions?room={room.Id}")).Must(200).Items.ShouldBeEmpty();
        (await ann.Get($"/api/questions?room={room.Id}&state=answered")).Must(200).Items.Count.ShouldBe(1);
        (await host.Post($"/api/questions/{asked.Id}/reopen")).Must(200)["state"].GetString().ShouldBe("live");
        var events = await Events.UntilAsync(Product, room.Id, e => e.Count >= 3);
        events.Select(e => e.Type).Where(t => t != "question.voted").ShouldBe(["question.asked", "question.answered", "question.reopened"]);
        events.SelectMany(e => e.Json.EnumerateObject()).ShouldAllBe(p => p.Name != "mine" && p.Name != "voted");
    }

    [Fact]
    public async Task Only_the_host_of_the_room_marks_a_question_as_answered()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var asked = (await ann.Post("/api/questions", new { body = "Why?", room = room.Id })).Must(201);
        (await ann.Post($"/api/questions/{asked.Id}/answer")).Must(403).Problem.ShouldBe("not-host");
        using var nobody = Product.Somebody();
        (await nobody.Post($"/api/questions/{asked.Id}/answer")).Must(401);
        (await ann.Post("/api/rooms/links/accept", new { token = room["hostLink"].GetString() })).Must(200);
        (await ann.Post($"/api/questions/{asked.Id}/answer")).Must(200);
        (await host.Post($"/api/questions/{asked.Id}/reopen")).Must(403).Problem.ShouldBe("not-host");
    }

    [Fact]
    public async Task A_moderator_answers_reopens_and_sees_what_waits_until_the_role_is_taken_back()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var asked = (await ann.Post("/api/questions", new { body = "Why?", room })).Must(201).Id;
        (await ann.Post($"/api/rooms/{room}/enter")).Must(200);
        var role = $"/api/rooms/{room}/members/{(await ann.Get("/api/users/me")).Must(200).Id}/role";
        (await host.Put(role, new { role = "speaker" })).Must(200);
        (await ann.Post($"/api/questions/{asked}/answer")).Must(403).Problem.ShouldBe("not-host");

        (await host.Put(role, new { role = "moderator" })).Must(200);
        (await ann.Post($"/api/questions/{asked}/answer")).Must(200);
        (await ann.Post($"/api/questions/{asked}/reopen")).Must(200);
        (await ann.Get($"/api/questions?room={room}&state=pending")).Must(200).Items.ShouldBeEmpty();
        (await ann.Post($"/api/rooms/{room}/pause")).Must(403).Problem.ShouldBe("not-host");

        (await host.Put(role, new { role = "member" })).Must(200);
        (await ann.Post($"/api/questions/{asked}/answer")).Must(403).Problem.ShouldBe("not-host");
    }

    [Fact]
    public async Task What_waits_or_was_put_away_is_listed_for_the_host_only()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        (await ann.Get($"/api/questions?room={room.Id}&state=pending")).Must(401);
        (await ann.Post("/api/users/guests", new { })).Must(201);
        (await ann.Get($"/api/questions?room={room.Id}&state=archived")).Must(403).Problem.ShouldBe("not-host");
        (await host.Get($"/api/questions?room={room.Id}&state=archived")).Must(200).Items.ShouldBeEmpty();
    }
}
