using System.Text.Json;
using Modular.Testing;

namespace Modular.Questions.Tests;

public sealed class ListTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Theory]
    [InlineData("top")]
    [InlineData("newest")]
    [InlineData("oldest")]
    [InlineData("body")]
    public async Task Pages_neither_skip_nor_repeat_while_votes_move(string sort)
    {
        using var host = Product.Somebody();
        var (room, ids) = await RoomWithAsync(host, 25);
        using var voter = Product.Somebody();
        var seen = new List<Guid>();
        string? after = null;
        do
        {
            var page = (await host.Get($"/api/questions?room={room}&sort={sort}&limit=7{after}")).Must(200);
            seen.AddRange(page.Items.Select(IdOf));
            after = page["next"].GetString() is { } next ? $"&after={next}" : null;
            // The last of what is still to come jumps to the top.
            if (ids.Except(seen).LastOrDefault() is var moved && moved != Guid.Empty)
                (await voter.Put($"/api/questions/{moved}/vote")).Must(200);
        }
        while (after is not null);
        seen.ShouldBeUnique();
        seen.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Each_order_is_what_it_says()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var ids = new Dictionary<string, Guid>();
        foreach (var body in new[] { "banana?", "Apple?", "cherry?" })
            ids[body] = (await host.Post("/api/questions", new { body, room })).Must(201).Id;
        using var bob = Product.Somebody();
        (await bob.Put($"/api/questions/{ids["Apple?"]}/vote")).Must(200);
        (await host.Delete($"/api/questions/{ids["cherry?"]}/vote")).Must(200);
        (await BodiesAsync("top")).ShouldBe(["Apple?", "banana?", "cherry?"]);
        (await BodiesAsync("newest")).ShouldBe(["cherry?", "Apple?", "banana?"]);
        (await BodiesAsync("oldest")).ShouldBe(["banana?", "Apple?", "cherry?"]);
        (await BodiesAsync("body")).ShouldBe(["Apple?", "banana?", "cherry?"]);

        async Task<IEnumerable<string>> BodiesAsync(string sort) =>
            (await host.Get($"/api/questions?room={room}&sort={sort}")).Must(200).Items.Select(q => q.GetProperty("body").GetString()!);
    }

    [Fact]
    public async Task A_search_finds_what_contains_it_in_any_case_on_every_page()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        for (var i = 0; i < 6; i++)
            (await host.Post("/api/questions", new { body = i % 2 == 0 ? $"100% ROOF {i}?" : $"Else {i}?", room })).Must(201);
        foreach (var sort in new[] { "top", "newest", "oldest", "body" })
        {
            var first = (await host.Get($"/api/questions?room={room}&sort={sort}&search=%25%20roof&limit=2")).Must(200);
            first.Items.Count.ShouldBe(2);
            var second = (await host.Get($"/api/questions?room={room}&sort={sort}&search=%25%20roof&limit=2&after={first["next"].GetString()}")).Must(200);
            second.Items.Count.ShouldBe(1);
        }

        (await host.Get($"/api/questions?room={room}&label=none")).Must(200).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_says_where_the_stream_stood_before_it_was_read()
    {
        using var host = Product.Somebody();
        var (room, _) = await RoomWithAsync(host, 3);
        var list = (await host.Get($"/api/questions?room={room}")).Must(200);
        list["stream"].GetProperty("name").GetString().ShouldBe($"questions/{room}");
        list["stream"].GetProperty("seq").GetInt64().ShouldBe(3);
        list["stream"].GetProperty("epoch").GetString().ShouldNotBeNullOrEmpty();
        list["next"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Many_who_page_at_once_share_one_snapshot_a_second_and_it_lasts_ten_minutes()
    {
        await using var own = await Product.StartAsync();
        using var host = own.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        foreach (var body in new[] { "a", "b", "c" })
            (await host.Post("/api/questions", new { body, room })).Must(201);
        own.Clock.Stop();
        var firsts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Get($"/api/questions?room={room}&sort=top&limit=2")));
        firsts.ShouldAllBe(f => f.Status == 200);
        (await own.Database.ScalarAsync<long>("select count(*) from questions.top_snapshot")).ShouldBe(1);
        var next = firsts[0]["next"].GetString();
        (await host.Get($"/api/questions?room={room}&sort=top&limit=2&after={next}")).Must(200).Items.Count.ShouldBe(1);
        own.Clock.Advance(TimeSpan.FromMinutes(10));
        (await host.Get($"/api/questions?room={room}&sort=top&limit=2&after={next}")).Must(400).Problem.ShouldBe("cursor-expired");
    }

    [Theory]
    [InlineData("limit=0", "limit-out-of-range")]
    [InlineData("limit=101", "limit-out-of-range")]
    [InlineData("sort=best", "sort-unknown")]
    [InlineData("sort=0", "sort-unknown")]
    [InlineData("state=dead", "state-unknown")]
    [InlineData("sort=newest&after=x", "cursor-invalid")]
    public async Task A_list_that_cannot_be_is_refused(string query, string problem)
    {
        using var nobody = Product.Somebody();
        (await nobody.Get($"/api/questions?{query}")).Must(400).Problem.ShouldBe(problem);
    }

    private static async Task<(Guid Room, IReadOnlyList<Guid> Questions)> RoomWithAsync(Browser host, int count)
    {
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
            ids.Add((await host.Post("/api/questions", new { body = $"Question {i * 7 % count}?", room })).Must(201).Id);
        return (room, ids);
    }

    private static Guid IdOf(JsonElement question) => question.GetProperty("id").GetGuid();
}
