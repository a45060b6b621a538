using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;
using Modular.Testing;

namespace Modular.Rooms.Tests;

public sealed class RoomTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Fact]
    public async Task The_lobby_exists_before_anybody_made_anything()
    {
        using var nobody = Product.Somebody();
        var lobby = (await nobody.Get("/api/rooms/lobby")).Must(200);
        lobby.Id.ShouldBe(Lobby.Id);
        lobby["state"].GetString().ShouldBe("open");
        lobby["hostId"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_room_is_found_by_its_code_in_any_case_with_spaces()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "  Town   hall " })).Must(201);
        room["title"].GetString().ShouldBe("Town hall");
        room.Headers["Location"].ShouldBe($"/api/rooms/{room.Id}");
        var code = room["code"].GetString()!;
        using var guest = Product.Somebody();
        (await guest.Get($"/api/rooms/{code[..3].ToLowerInvariant()}%20{code[3..]}")).Must(200).Id.ShouldBe(room.Id);
        (await guest.Get("/api/rooms/ZZZZZZZ")).Must(404).Problem.ShouldBe("room-not-found");
    }

    [Fact]
    public async Task The_host_link_is_told_once_and_makes_its_holder_the_host()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        var link = room["hostLink"].GetString()!;
        (await host.Get($"/api/rooms/{room.Id}")).Must(200).Text.ShouldNotContain("ostLink");
        (await Product.Database.ScalarAsync<string>("select string_agg(data::text, '') from rooms.room")).ShouldNotBeNull().ShouldNotContain(link[(link.IndexOf('#') + 6)..]);

        using var other = Product.Somebody();
        (await other.Post("/api/rooms/links/accept", new { token = "made-up" })).Must(404).Problem.ShouldBe("link-unknown");
        other.Cookies.Count.ShouldBe(0);
        (await other.Post("/api/rooms/links/accept", new { token = link })).Must(200)["hostId"].GetGuid()
            .ShouldBe((await other.Get("/api/users/me")).Must(200).Id);
        (await other.Post($"/api/rooms/{room.Id}/pause")).Must(200);
        (await host.Post($"/api/rooms/{room.Id}/open")).Must(403).Problem.ShouldBe("not-host");
    }

    [Fact]
    public async Task What_happens_to_a_room_is_on_its_stream_in_order()
    {
        using var host = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        (await host.Post($"/api/rooms/{room.Id}/pause")).Must(200)["state"].GetString().ShouldBe("paused");
        (await host.Post($"/api/rooms/{room.Id}/pause")).Must(200);
        (await host.Post($"/api/rooms/{room.Id}/close")).Must(200);
        (await host.Post($"/api/rooms/{room.Id}/pause")).Must(409).Problem.ShouldBe("room-closed");
        (await host.Post($"/api/rooms/{room.Id}/open")).Must(200);
        var page = await Product.Services.GetRequiredService<IStreams>().ReadAsync($"rooms/{room.Id}", after: 0, limit: 10, TestContext.Current.CancellationToken);
        page.Events.Select(e => e.Type).ShouldBe(["room.opened", "room.paused", "room.closed", "room.opened"]);
        string.Concat(page.Events.Select(e => System.Text.Encoding.UTF8.GetString(e.Data.Span))).ShouldNotContain("ostLink");
    }

    [Fact]
    public async Task Only_a_host_switches_a_room_and_nobody_but_an_admin_the_lobby()
    {
        using var guest = Product.Somebody();
        (await guest.Post("/api/rooms/LOBBY/close")).Must(401);
        (await guest.Post("/api/users/guests", new { })).Must(201);
        (await guest.Post("/api/rooms/LOBBY/close")).Must(403).Problem.ShouldBe("not-host");
    }

    [Fact]
    public async Task My_rooms_are_those_I_host_or_have_entered_page_by_page()
    {
        using var host = Product.Somebody();
        using var guest = Product.Somebody();
        (await guest.Post("/api/users/guests", new { })).Must(201);
        var rooms = new List<Guid>();
        for (var i = 0; i < 3; i++)
            rooms.Add((await host.Post("/api/rooms", new { title = $"Room {i}" })).Must(201).Id);
        foreach (var room in rooms.Concat(rooms))
            (await guest.Post($"/api/rooms/{room}/enter")).Must(200);
        var first = (await guest.Get("/api/rooms?limit=2")).Must(200);
        var second = (await guest.Get($"/api/rooms?limit=2&after={first["next"].GetString()}")).Must(200);
        first.Items.Concat(second.Items).Select(r => r.GetProperty("id").GetGuid()).ShouldBe(rooms.AsEnumerable().Reverse());
        second["next"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await guest.Get("/api/rooms?limit=0")).Must(400).Problem.ShouldBe("limit-out-of-range");
        (await guest.Get("/api/rooms?after=x")).Must(400).Problem.ShouldBe("cursor-invalid");
    }

    [Fact]
    public async Task Anyone_may_follow_a_room_that_exists_and_nobody_one_that_does_not()
    {
        var streams = Product.Services.GetRequiredService<IStreams>();
        (await streams.AuthorizeAsync($"rooms/{Lobby.Id}", caller: null, TestContext.Current.CancellationToken)).Allowed.ShouldBeTrue();
        (await streams.AuthorizeAsync($"rooms/{Guid.NewGuid()}", caller: null, TestContext.Current.CancellationToken)).Allowed.ShouldBeFalse();
        (await streams.AuthorizeAsync($"rooms/{Lobby.Id}/x", caller: null, TestContext.Current.CancellationToken)).Allowed.ShouldBeFalse();
    }
}
