using Modular.Testing;
using Modular.Users.Tests.Accounts;

namespace Modular.Users.Tests;

/// <summary>Reads every table of every module as text, so a new one is looked at without being listed.</summary>
public sealed class ForgottenTests : IAsyncLifetime
{
    private const string Name = "Zenobia Quill";
    private const string Renamed = "Zenobia Quillon";
    private readonly string email = $"Zenobia-{Guid.NewGuid():n}@example.org";
    private readonly string mails = Directory.CreateTempSubdirectory("modular-mails-").FullName;
    private Product product = null!;

    public async ValueTask InitializeAsync() => product = await Product.StartAsync(database: null, $"--Mail:Folder={mails}");

    public async ValueTask DisposeAsync()
    {
        await product.DisposeAsync();
        Directory.Delete(mails, recursive: true);
    }

    [Fact]
    public async Task After_a_deletion_no_table_names_the_person_and_a_day_later_none_holds_their_id()
    {
        using var ann = product.Somebody();
        var me = await LivesAsync(ann);
        (await RowsNamingAsync(me)).Length.ShouldBeGreaterThan(10, "the search finds them while they are there");

        (await ann.Delete("/api/users/me")).Must(204);

        await Eventually.Is(async () => await RowsNamingAsync(me) is [var only] && only.StartsWith("users.deletion", StringComparison.Ordinal), what: "only the deletion holds the id");
        await LateWriteAsync(me);
        product.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.Is(async () => await RowsNamingAsync(me) is [var only] && only.StartsWith("users.deletion", StringComparison.Ordinal), what: "what was written late is gone, too");
        product.Clock.Advance(TimeSpan.FromDays(1));
        await Eventually.Is(async () => await RowsNamingAsync(me) is [], what: "nothing is left");
    }

    /// <summary>All that leaves traces of a person: as a guest, a member, a host, a moderator, and with questions and votes.</summary>
    private async Task<Guid> LivesAsync(Browser ann)
    {
        using var host = product.Somebody();
        using var device = product.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = Name })).Must(201).UserId();
        await ann.Registers(email);
        (await ann.Patch("/api/users/me", new { name = Name })).Must(200);
        (await device.Login(email, "wrong password")).Must(401);
        (await device.Login(email)).Must(200);
        (await device.Post("/api/users/forgot", new { email })).Must(200);
        await Eventually.Is(async () => await product.Database.ScalarAsync<long>($"select count(*) from users.mail_link where data ->> 'userId' = '{me}'") > 0);
        // All mails: one that is being prepared would leave its link after the deletion.
        await Eventually.Is(async () => await product.Database.ScalarAsync<long>("select count(*) from users.mail_request") == 0);
        var room = (await host.Post("/api/rooms", new { title = "Visited" })).Must(201).Id;
        (await ann.Post($"/api/rooms/{room}/enter")).Must(200);
        (await host.Put($"/api/rooms/{room}/members/{me}/role", new { role = "moderator" })).Must(200);
        var own = (await ann.Post("/api/rooms", new { title = "Hosted" })).Must(201).Id;
        (await ann.Post($"/api/rooms/{own}/close")).Must(200);
        var asked = (await ann.Post("/api/questions", new { body = "Who am I?", room, clientId = "mine" })).Must(201).Id;
        (await ann.Post("/api/questions", new { body = "Who?", room, anonymous = true })).Must(201);
        (await ann.Post($"/api/questions/{asked}/answer")).Must(200);
        var hosts = (await host.Post("/api/questions", new { body = "And who are you?", room })).Must(201).Id;
        (await ann.Put($"/api/questions/{hosts}/vote")).Must(200);
        (await ann.Patch("/api/users/me", new { name = Renamed })).Must(200);
        (await ann.Delete("/api/users/me/sessions")).Must(204);
        await Eventually.Is(
            async () => await product.Database.ScalarAsync<long>($"select count(*) from notifications.events where stream = 'notifications/{me}'") == 1
                && await product.Database.ScalarAsync<long>("select (select count(*) from users.outbox) + (select count(*) from notifications.outbox)") == 0,
            what: "they have been told of it");
        await product.Database.RunAsync($$"""
            insert into questions.dead_letters(event_id, handler, type, seq, data, error, attempts)
            values (gen_random_uuid(), 'Some', 'user.renamed', 0, '{"id": "{{me}}", "name": "{{Name}}"}', '', 3)
            """);
        return me;
    }

    /// <summary>As by requests that were under way when the person was deleted.</summary>
    private async Task LateWriteAsync(Guid me)
    {
        await product.Database.RunAsync($"""
            insert into rooms.member(id, data, version, created_at, updated_at)
            select i, jsonb_build_object('id', i, 'roomId', '018cc251-f400-7000-8000-000000000001', 'userId', '{me}'), 1, now(), now() from gen_random_uuid() i
            """);
        await product.Database.RunAsync($$"""
            update questions.question set data = data || '{"authorId": "{{me}}", "authorName": "{{Name}}"}' where data ->> 'body' = 'Who am I?'
            """);
    }

    private async Task<string[]> RowsNamingAsync(Guid person)
    {
        var pattern = $"{person}|{person:n}|Zenobia";
        var search = await product.Database.ScalarAsync<string>($"""
            select string_agg(format('select %L || t::text as row from %I.%I t where t::text ~* %L', table_schema || '.' || table_name || ': ', table_schema, table_name, '{pattern}'), ' union all ')
            from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')
            """);
        return await product.Database.ScalarAsync<string[]>($"select array_agg(row) from ({search}) found") ?? [];
    }
}
