using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Testing;

namespace Modular.Rooms.Tests;

public sealed class DeletedPersonTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_room_whose_host_is_deleted_has_none_until_somebody_opens_the_host_link()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var me = room["hostId"].GetGuid();
        (await host.Post($"/api/rooms/{room.Id}/pause")).Must(200);

        (await host.Delete("/api/users/me")).Must(204);

        await NobodyIsAsync(me);
        (await ann.Get($"/api/rooms/{room.Id}")).Must(200)["hostId"].ValueKind.ShouldBe(JsonValueKind.Null);
        var events = await EventsAsync(room.Id);
        events.Select(e => e.Type).ShouldBe(["room.opened", "room.paused", "room.updated"]);
        events[^1].Text.ShouldContain("\"state\":\"paused\"");
        (await ann.Post("/api/rooms/links/accept", new { token = room["hostLink"].GetString() })).Must(200)["role"].GetString().ShouldBe("host");
        (await ann.Post($"/api/rooms/{room.Id}/open")).Must(200);
    }

    [Fact]
    public async Task A_host_who_handed_the_room_over_is_not_in_its_log_any_more()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        (await ann.Post("/api/rooms/links/accept", new { token = room["hostLink"].GetString() })).Must(200);

        var events = await EventsAsync(room.Id);

        events.Select(e => e.Type).ShouldBe(["room.opened", "room.updated"]);
        events.ShouldAllBe(e => !e.Text.Contains(room["hostId"].GetGuid().ToString()));
    }

    [Fact]
    public async Task Whoever_is_deleted_has_left_every_room_and_a_role_they_had_is_not_told_any_more()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        var rooms = new List<Guid>();
        for (var n = 0; n < 3; n++)
        {
            rooms.Add((await host.Post("/api/rooms", new { title = $"Room {n}" })).Must(201).Id);
            (await ann.Post($"/api/rooms/{rooms[n]}/enter")).Must(200);
        }

        (await host.Put($"/api/rooms/{rooms[0]}/members/{me}/role", new { role = "moderator" })).Must(200);

        (await ann.Delete("/api/users/me")).Must(204);

        await NobodyIsAsync(me);
        (await host.Get($"/api/rooms/{rooms[0]}/members")).Must(200).Items.ShouldBeEmpty();
        (await EventsAsync(rooms[0])).Select(e => e.Type).ShouldBe(["room.opened", "member.roleChanged", "member.left"]);
        (await EventsAsync(rooms[1])).Select(e => e.Type).ShouldBe(["room.opened"], "who was never announced does not leave with noise");
    }

    [Fact]
    public async Task Somebody_with_hundreds_of_rooms_is_forgotten_in_several_commits()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var me = room["hostId"].GetGuid();
        await Product.Database.RunAsync($"""
            insert into rooms.room(id, data, version, created_at, updated_at)
            select i, data || jsonb_build_object('id', i, 'code', i, 'hostLinkHash', i), 1, now(), now()
            from rooms.room, lateral (select gen_random_uuid() i from generate_series(1, 120)) ids where id = '{room.Id}'
            """);
        await Product.Database.RunAsync($"""
            insert into rooms.member(id, data, version, created_at, updated_at)
            select i, jsonb_build_object('id', i, 'roomId', gen_random_uuid(), 'userId', '{me}'), 1, now(), now() from (select gen_random_uuid() i from generate_series(1, 120)) ids
            """);

        (await host.Delete("/api/users/me")).Must(204);

        await NobodyIsAsync(me);
        (await Product.Database.ScalarAsync<long>("select count(*) from rooms.room where data ->> 'hostId' is null and data ->> 'title' = 'Town hall'")).ShouldBeGreaterThanOrEqualTo(121);
    }

    private async Task<IReadOnlyList<(string Type, string Text)>> EventsAsync(Guid room)
    {
        var page = await Product.Services.GetRequiredService<IStreams>().ReadAsync($"rooms/{room}", after: 0, limit: 100, TestContext.Current.CancellationToken);
        return [.. page.Events.Select(e => (e.Type, Encoding.UTF8.GetString(e.Data.Span)))];
    }

    private Task NobodyIsAsync(Guid person) => Eventually.Is(
        async () => await Product.Database.ScalarAsync<long>($"""
            select (select count(*) from rooms.room r where r::text like '%{person}%') + (select count(*) from rooms.member m where m::text like '%{person}%')
              + (select count(*) from rooms.events e where e::text like '%{person}%')
            """) == 0,
        what: "nothing in the rooms' tables names the person");
}
