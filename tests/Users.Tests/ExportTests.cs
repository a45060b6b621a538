using System.Text.Json;
using Modular.Testing;

namespace Modular.Users.Tests;

public sealed class ExportTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task An_export_is_one_file_with_what_every_module_holds_of_me_and_of_nobody_else()
    {
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201)["user"].GetProperty("id").GetGuid();
        var room = (await ann.Post("/api/rooms", new { title = "Ann's room" })).Must(201);
        (await ann.Post("/api/rooms/LOBBY/enter")).Must(200);
        var named = (await ann.Post("/api/questions", new { body = "With my name?" })).Must(201).Id;
        var nameless = (await ann.Post("/api/questions", new { body = "Without it?", anonymous = true })).Must(201).Id;
        var bobs = (await bob.Post("/api/questions", new { body = "Bob's?" })).Must(201).Id;
        (await ann.Put($"/api/questions/{bobs}/vote")).Must(200);

        var export = (await ann.Get("/api/users/me/export")).Must(200);

        export["user"].GetProperty("id").GetGuid().ShouldBe(me);
        export["exportedAt"].GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-1));
        var modules = export["modules"];
        modules.GetProperty("users").GetProperty("account").ValueKind.ShouldBe(JsonValueKind.Null);
        modules.GetProperty("users").GetProperty("sessions").GetArrayLength().ShouldBe(1);
        Ids(modules, "rooms", "hosted", "id").ShouldBe([room.Id]);
        modules.GetProperty("rooms").GetProperty("entered")[0].GetProperty("title").GetString().ShouldBe("Lobby");
        Ids(modules, "questions", "asked", "id").ShouldBe([named, nameless]);
        Ids(modules, "questions", "votes", "questionId").ShouldBe([named, nameless, bobs], ignoreOrder: true);
        export.Text.ShouldNotContain("Bob's");
    }

    [Fact]
    public async Task An_export_is_saved_as_a_file_named_by_the_day_and_kept_by_nobody_on_the_way()
    {
        using var ann = Product.Somebody();
        (await ann.Get("/api/users/me/export")).Must(401).Problem.ShouldBe("unauthenticated");
        (await ann.Post("/api/users/guests")).Must(201);

        var before = Product.Clock.GetUtcNow();
        var export = (await ann.Get("/api/users/me/export")).Must(200);
        var after = Product.Clock.GetUtcNow();

        new[] { before, after }.Select(day => $"attachment; filename=modular-{day:yyyy-MM-dd}.json").ShouldContain(export.Headers["Content-Disposition"].Split("; filename*")[0]);
        export.Headers["Content-Type"].ShouldBe("application/json");
        export.Headers["Cache-Control"].ShouldBe("no-store, private");
    }

    [Fact]
    public async Task An_export_holds_no_secret()
    {
        using var ann = Product.Somebody();
        var made = (await ann.Post("/api/users/guests")).Must(201);
        var room = (await ann.Post("/api/rooms", new { title = "Ann's room" })).Must(201);

        var export = (await ann.Get("/api/users/me/export")).Must(200).Text;

        export.ShouldNotContain("hash", Case.Insensitive);
        export.ShouldNotContain("token", Case.Insensitive);
        export.ShouldNotContain(made["refreshToken"].GetString()!);
        export.ShouldNotContain(room["hostLink"].GetString()!.Split('=')[1]);
        var hashes = (await Product.Database.ScalarAsync<string>(
            "select (select string_agg(data ->> 'refreshHash', ',') from users.session) || ',' || (select string_agg(data ->> 'hostLinkHash', ',') from rooms.room)"))!;
        hashes.Split(',').ShouldAllBe(hash => !export.Contains(hash));
    }

    [Fact]
    public async Task A_hundred_thousand_votes_are_exported_page_by_page()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        await VotesAsync(me, 100_000);

        var export = (await ann.Get("/api/users/me/export")).Must(200);

        Ids(export["modules"], "questions", "votes", "questionId").Distinct().Count().ShouldBe(100_000);
    }

    [Fact]
    public async Task An_export_that_fails_half_way_never_looks_complete()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        await VotesAsync(me, 1_000);
        await Product.Database.RunAsync($$"""
            insert into questions.vote(id, data, version, created_at, updated_at)
            values ('ffffffff-ffff-ffff-ffff-ffffffffffff', '{"questionId": "no id", "voterId": "{{me}}"}', 1, now(), now())
            """);

        (await Should.ThrowAsync<HttpRequestException>(() => ann.Get("/api/users/me/export"))).InnerException.ShouldBeAssignableTo<IOException>();
    }

    [Fact]
    public async Task Nobody_exports_more_than_ten_times_an_hour()
    {
        await using var limited = await Product.StartAsync(database: null, "--Limits:Enabled=true");
        using var ann = limited.Somebody();
        (await ann.Post("/api/users/guests")).Must(201);
        for (var n = 0; n < 10; n++)
            (await ann.Get("/api/users/me/export")).Must(200);
        (await ann.Get("/api/users/me/export")).Must(429).Problem.ShouldBe("too-many-requests");
    }

    private Task VotesAsync(Guid voter, int count) => Product.Database.RunAsync($"""
        insert into questions.vote(id, data, version, created_at, updated_at)
        select i, jsonb_build_object('id', i, 'questionId', gen_random_uuid(), 'voterId', '{voter}'), 1, now(), now()
        from (select gen_random_uuid() i from generate_series(1, {count})) ids
        """);

    private static IReadOnlyList<Guid> Ids(JsonElement modules, string module, string list, string member) =>
        [.. modules.GetProperty(module).GetProperty(list).EnumerateArray().Select(item => item.GetProperty(member).GetGuid())];
}
