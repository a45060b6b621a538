using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Questions.Rooms;
using Modular.Rooms.Contracts;
using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class DeletedAuthorTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_question_of_somebody_deleted_stays_as_nobodys()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var me = (await ann.Post("/api/users/guests", new { name = "Annegret Zwölf" })).Must(201)["user"].GetProperty("id").GetGuid();
        var asked = (await ann.Post("/api/questions", new { body = "Why?", room, clientId = "first" })).Must(201);
        (await host.Put($"/api/questions/{asked.Id}/vote")).Must(200);

        (await ann.Delete("/api/users/me")).Must(204);

        var events = await Events.UntilAsync(Product, room, e => e.Any(x => x.Type == "question.edited"));
        var left = (await host.Get($"/api/questions/{asked.Id}")).Must(200);
        left["author"].ValueKind.ShouldBe(JsonValueKind.Null);
        (left["body"].GetString(), left["votes"].GetInt32(), left["mine"].GetBoolean()).ShouldBe(("Why?", 2, false));
        var edited = events.First(e => e.Type == "question.edited").Json;
        edited.GetProperty("body").GetString().ShouldBe("Why?");
        edited.GetProperty("author").ValueKind.ShouldBe(JsonValueKind.Null);
        events.Where(e => e.Seq < events.First(x => x.Type == "question.edited").Seq).ShouldAllBe(e => e.Json.GetRawText().Replace(" ", "") == $"{{\"id\":\"{asked.Id}\"}}");
        await NobodyIsAsync(me, "Annegret");
    }

    [Fact]
    public async Task A_question_without_a_name_does_not_show_whose_it_was_by_changing_now()
    {
        using var ann = Product.Somebody();
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        var nameless = (await ann.Post("/api/questions", new { body = "Who am I?", room, anonymous = true, clientId = "mine" })).Must(201);
        (await ann.Post("/api/questions", new { body = "And with a name?", room })).Must(201);
        var before = (await host.Get($"/api/questions/{nameless.Id}")).Must(200);

        (await ann.Delete("/api/users/me")).Must(204);

        var events = await Events.UntilAsync(Product, room, e => e.Any(x => x.Type == "question.edited"));
        events.Count(e => e.Json.GetProperty("id").GetGuid() == nameless.Id).ShouldBe(1);
        (await host.Get($"/api/questions/{nameless.Id}")).Must(200).Text.ShouldBe(before.Text);
        await NobodyIsAsync(me);
    }

    [Fact]
    public async Task Votes_of_somebody_deleted_count_and_name_nobody()
    {
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var asked = (await bob.Post("/api/questions", new { body = "Do they count?" })).Must(201).Id;
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        (await ann.Put($"/api/questions/{asked}/vote")).Must(200);

        (await ann.Delete("/api/users/me")).Must(204);

        await NobodyIsAsync(me);
        (await Product.Database.ScalarAsync<long>($"select count(*) from questions.vote where data ->> 'questionId' = '{asked}' and id = (data ->> 'id')::uuid")).ShouldBe(2);
        (await Product.Database.ScalarAsync<long>($"select count(*) from questions.vote where id = '{DerivedId.Of(asked, me)}'")).ShouldBe(0, "an id made of the person would name them to whoever knows theirs");
        (await bob.Delete($"/api/questions/{asked}/vote")).Must(200)["votes"].GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_with_hundreds_of_questions_and_thousands_of_votes_is_forgotten_in_several_commits()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = "Annegret Zwölf" })).Must(201)["user"].GetProperty("id").GetGuid();
        var first = (await ann.Post("/api/questions", new { body = "Is this the first?" })).Must(201).Id;
        foreach (var anonymous in new[] { "true", "false" })
        {
            await Product.Database.RunAsync($"""
                insert into questions.question(id, data, version, created_at, updated_at, votes, shown)
                select i, data || jsonb_build_object('id', i, 'anonymous', {anonymous}), 1, now(), now(), 1, 1
                from questions.question, lateral (select gen_random_uuid() i from generate_series(1, 250)) ids where id = '{first}'
                """);
        }

        await Product.Database.RunAsync($"""
            insert into questions.vote(id, data, version, created_at, updated_at)
            select i, jsonb_build_object('id', i, 'questionId', '{first}', 'voterId', '{me}'), 1, now(), now() from (select gen_random_uuid() i from generate_series(1, 2500)) ids
            """);

        (await ann.Delete("/api/users/me")).Must(204);

        await NobodyIsAsync(me, "Annegret");
        (await Product.Database.ScalarAsync<long>("select count(*) from questions.question where version = 2 and data ->> 'body' = 'Is this the first?'")).ShouldBe(251);
        (await Product.Database.ScalarAsync<long>("select count(*) from questions.events where type = 'question.edited' and data ->> 'body' = 'Is this the first?'")).ShouldBe(251);
    }

    [Fact]
    public async Task What_a_request_in_flight_still_asks_is_nobodys_a_minute_later()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = "Annegret Zwölf" })).Must(201)["user"].GetProperty("id").GetGuid();
        var first = (await ann.Post("/api/questions", new { body = "Was that all?" })).Must(201).Id;
        var before = await Product.Database.ScalarAsync<string>($"select data::text from questions.question where id = '{first}'");
        (await ann.Delete("/api/users/me")).Must(204);
        await NobodyIsAsync(me);
        await Product.Database.RunAsync($"update questions.question set data = '{before}' where id = '{first}'");
        await Product.Database.RunAsync($$"""
            insert into questions.dead_letters(event_id, handler, type, seq, data, error, attempts)
            values (gen_random_uuid(), 'Some', 'user.renamed', 0, '{"id": "{{me}}", "name": "Annegret"}', '', 3), (gen_random_uuid(), 'ForgetPerson', 'user.deleted', 0, '{"id": "{{me}}"}', '', 3)
            """);

        Product.Clock.Advance(TimeSpan.FromSeconds(61));

        await Eventually.Is(async () => await Product.Database.ScalarAsync<long>($"select count(*) from questions.question where data ->> 'authorId' = '{me}'") == 0);
        await Eventually.Is(async () => await Product.Database.ScalarAsync<string>($"select string_agg(handler, ',') from questions.dead_letters where data ->> 'id' = '{me}'") == "ForgetPerson");
    }

    [Fact]
    public async Task An_event_of_a_room_that_was_redacted_before_it_came_changes_nothing()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        (await host.Post($"/api/rooms/{room}/close")).Must(200);
        var store = Product.Services.GetRequiredKeyedService<IDocumentStore>("questions");
        await Eventually.Is(async () => await store.OpenSession().LoadAsync<RoomCopy>(room, CancellationToken.None) is { Seq: 2 });
        var session = store.OpenSession();

        await new KeepRoomCopy(session).HandleAsync(new RoomOpened { Id = room }, new EventContext(Guid.NewGuid(), $"rooms/{room}", 3, DateTimeOffset.UtcNow, null), CancellationToken.None);
        await session.SaveChangesAsync(CancellationToken.None);

        (await store.OpenSession().LoadAsync<RoomCopy>(room, CancellationToken.None))!.State.ShouldBe(RoomState.Closed);
    }

    /// <summary>Nothing in this module's tables holds one of these.</summary>
    private Task NobodyIsAsync(Guid person, string name = "no such name") => Eventually.Is(
        async () => await Product.Database.ScalarAsync<long>($"""
            select (select count(*) from questions.question q where q::text ~ '{person}|{name}')
              + (select count(*) from questions.vote v where v::text ~ '{person}')
              + (select count(*) from questions.events e where e::text ~ '{person}|{name}')
            """) == 0,
        what: "nothing in the questions' tables names the person");
}
