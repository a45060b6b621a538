using System.Text.Json;
using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class AskTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_first_question_makes_a_guest_and_is_asked_in_the_lobby()
    {
        using var ann = Product.Somebody();
        var asked = (await ann.Post("/api/questions", new { body = "  Why?  " })).Must(201);
        var me = (await ann.Get("/api/users/me")).Must(200);
        asked["body"].GetString().ShouldBe("Why?");
        asked["author"].GetProperty("id").GetGuid().ShouldBe(me.Id);
        asked["mine"].GetBoolean().ShouldBeTrue();
        asked["voted"].GetBoolean().ShouldBeTrue();
        asked["votes"].GetInt32().ShouldBe(1);
        asked["state"].GetString().ShouldBe("live");
        asked.Headers["Location"].ShouldBe($"/api/questions/{asked.Id}");
        asked.Json.EnumerateObject().Select(p => p.Name).ShouldBe(
            ["id", "roomId", "body", "author", "mine", "state", "votes", "voted", "pinned", "labels", "reply", "createdAt", "updatedAt", "version"]);
        (await ann.Get($"/api/questions/{asked.Id}")).Must(200).Text.ShouldBe(asked.Text);
    }

    [Fact]
    public async Task What_is_refused_makes_no_guest()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/questions", new { body = " " })).Must(400).Problem.ShouldBe("body-required");
        (await ann.Post("/api/questions", new { body = "Why?", room = "NOSUCH" })).Must(404).Problem.ShouldBe("room-not-found");
        ann.Cookies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_client_id_yields_the_first_question()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/users/guests", new { })).Must(201);
        var clientId = Guid.NewGuid();
        var first = (await ann.Post("/api/questions", new { body = "Once?", clientId })).Must(201);
        (await ann.Post("/api/questions", new { body = "Twice?", clientId })).Must(200).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task Twenty_sends_at_once_without_a_cookie_make_one_guest_and_one_question()
    {
        var clientId = Guid.NewGuid();
        using var ann = Product.Somebody();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var phone = Product.Somebody();
            return await phone.Post("/api/questions", new { body = "Once?", clientId });
        }));
        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Count(a => a.Status == 200).ShouldBe(19);
        answers.Select(a => a.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_replay_is_answered_even_when_the_room_has_closed_meanwhile()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var question = new { body = "Once?", room = room.Id, clientId = Guid.NewGuid() };
        var first = (await host.Post("/api/questions", question)).Must(201);
        (await host.Post($"/api/rooms/{room.Id}/close")).Must(200);
        await Eventually.Is(async () => (await host.Post("/api/questions", new { body = "Late?", room = room.Id })).Status == 409);
        (await host.Post("/api/questions", question)).Must(200).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_room_takes_questions_the_moment_it_is_made()
    {
        using var host = Product.Somebody();
        for (var i = 0; i < 10; i++)
        {
            var room = (await host.Post("/api/rooms", new { title = $"Room {i}" })).Must(201);
            (await host.Post("/api/questions", new { body = "First!", room = room["code"].GetString() })).Must(201)["roomId"].GetGuid().ShouldBe(room.Id);
        }
    }

    [Fact]
    public async Task A_paused_room_says_so_and_takes_questions_the_moment_it_is_open_again()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var asked = (await host.Post("/api/questions", new { body = "Before?", room = room.Id })).Must(201);
        for (var i = 0; i < 5; i++)
        {
            (await host.Post($"/api/rooms/{room.Id}/pause")).Must(200);
            await Eventually.Is(async () => (await host.Post("/api/questions", new { body = "Now?", room = room.Id })) is { Status: 409, Problem: "room-paused" });
            (await host.Delete($"/api/questions/{asked.Id}/vote")).Must(409).Problem.ShouldBe("room-paused");
            (await host.Post($"/api/rooms/{room.Id}/open")).Must(200);
            (await host.Post("/api/questions", new { body = "Now?", room = room.Id })).Must(201);
        }
    }

    [Fact]
    public async Task An_anonymous_question_names_its_author_on_no_wire_and_is_still_theirs()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = "Annabel Anonymous" })).Must(201)["user"].GetProperty("id").GetString()!;
        var room = (await ann.Post("/api/rooms", new { title = "Secrets" })).Must(201);
        var asked = (await ann.Post("/api/questions", new { body = "Who am I?", room = room.Id, anonymous = true })).Must(201);
        (await ann.Post($"/api/questions/{asked.Id}/answer")).Must(200);
        (await ann.Post($"/api/questions/{asked.Id}/reopen")).Must(200);
        (await ann.Delete($"/api/questions/{asked.Id}/vote")).Must(200);

        using var bob = Product.Somebody();
        (await bob.Put($"/api/questions/{asked.Id}/vote")).Must(200);
        var events = await Events.UntilAsync(Product, room.Id, e => e.Any(x => x.Type == "question.voted"));
        string[] wires =
        [
            asked.Text,
            (await ann.Get($"/api/questions/{asked.Id}")).Must(200).Text,
            (await bob.Get($"/api/questions/{asked.Id}")).Must(200).Text,
            (await bob.Get($"/api/questions?room={room.Id}")).Must(200).Text,
            .. events.Select(e => e.Json.GetRawText()),
        ];
        wires.ShouldAllBe(wire => !wire.Contains(me, StringComparison.OrdinalIgnoreCase) && !wire.Contains("Annabel"));
        (await ann.Get($"/api/questions/{asked.Id}")).Must(200)["mine"].GetBoolean().ShouldBeTrue();
        (await bob.Get($"/api/questions/{asked.Id}")).Must(200)["mine"].GetBoolean().ShouldBeFalse();
        asked["author"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_body_over_32_kilobytes_is_too_large()
    {
        using var ann = Product.Somebody();
        (await ann.Post("/api/questions", new { body = new string('x', 40_000) })).Must(413);
    }

    [Fact]
    public async Task A_question_is_not_sent_again_to_whoever_has_it()
    {
        using var ann = Product.Somebody();
        var asked = (await ann.Post("/api/questions", new { body = "Why?" })).Must(201);
        var etag = (await ann.Get($"/api/questions/{asked.Id}")).Must(200).Headers["ETag"];
        (await ann.Get($"/api/questions/{asked.Id}", ("If-None-Match", etag))).Must(304);
        using var bob = Product.Somebody();
        (await bob.Put($"/api/questions/{asked.Id}/vote")).Must(200);
        (await ann.Get($"/api/questions/{asked.Id}", ("If-None-Match", etag))).Must(200);
    }
}
