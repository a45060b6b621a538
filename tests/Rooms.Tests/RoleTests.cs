using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Rooms.Contracts;
using Modular.Testing;

namespace Modular.Rooms.Tests;

public sealed class RoleTests(RunningProduct running)
{
    private Product Product => running.Product;

    [Theory]
    [InlineData(RoomRole.Guest, false, false)]
    [InlineData(RoomRole.Member, false, false)]
    [InlineData(RoomRole.Speaker, false, false)]
    [InlineData(RoomRole.Moderator, true, false)]
    [InlineData(RoomRole.Host, true, true)]
    public void Who_may_what(RoomRole role, bool moderate, bool conduct) => (role.MayModerate(), role.MayConduct()).ShouldBe((moderate, conduct));

    [Fact]
    public async Task Everybody_is_told_what_they_are_in_a_room()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        using var nobody = Product.Somebody();
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        RoleIn(room).ShouldBe("host");
        RoleIn(await host.Get($"/api/rooms/{room.Id}")).ShouldBe("host");
        RoleIn(await nobody.Get($"/api/rooms/{room.Id}")).ShouldBe("guest");
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        var before = (await ann.Get($"/api/rooms/{room.Id}")).Must(200);
        RoleIn(before).ShouldBe("guest");
        RoleIn(await ann.Post($"/api/rooms/{room.Id}/enter")).ShouldBe("member");

        (await host.Put($"/api/rooms/{room.Id}/members/{me}/role", new { role = "speaker" })).Must(200)["role"].GetString().ShouldBe("speaker");

        var after = (await ann.Get($"/api/rooms/{room.Id}", ("If-None-Match", before.Headers["ETag"]))).Must(200);
        RoleIn(after).ShouldBe("speaker");
        after.Headers["ETag"].ShouldNotBe(before.Headers["ETag"]);
        RoleIn(await ann.Post($"/api/rooms/{room.Id}/enter")).ShouldBe("speaker");
        (await ann.Get("/api/rooms")).Must(200).Items.Single().GetProperty("role").GetString().ShouldBe("speaker");
        (await host.Get("/api/rooms")).Must(200).Items.Single().GetProperty("role").GetString().ShouldBe("host");
    }

    [Fact]
    public async Task A_role_is_told_to_the_room_once()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        var (room, me) = await EnteredAsync(host, ann);

        for (var again = 0; again < 2; again++)
            (await host.Put($"/api/rooms/{room}/members/{me}/role", new { role = "moderator" })).Must(200);

        var page = await Product.Services.GetRequiredService<IStreams>().ReadAsync($"rooms/{room}", after: 1, limit: 10, TestContext.Current.CancellationToken);
        var told = page.Events.ShouldHaveSingleItem();
        told.Type.ShouldBe("member.roleChanged");
        var data = System.Text.Json.JsonElement.Parse(told.Data.Span);
        (data.GetProperty("userId").GetGuid(), data.GetProperty("role").GetString()).ShouldBe((me, "moderator"));
        data.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "userId", "role"]);
    }

    [Fact]
    public async Task Only_the_host_gives_roles_and_only_to_those_who_have_entered()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var (room, me) = await EnteredAsync(host, ann);
        var path = $"/api/rooms/{room}/members/{me}/role";
        var hostId = (await host.Get("/api/users/me")).Must(200).Id;
        (await bob.Put(path, new { role = "speaker" })).Must(401);
        (await ann.Put(path, new { role = "moderator" })).Must(403).Problem.ShouldBe("not-host");
        (await host.Put(path, new { role = "moderator" })).Must(200);
        (await ann.Put(path, new { role = "speaker" })).Must(403).Problem.ShouldBe("not-host");
        (await host.Put(path, new { })).Must(400).Problem.ShouldBe("role-required");
        (await host.Put(path, new { role = "host" })).Must(400).Problem.ShouldBe("invalid-input");
        (await host.Put($"/api/rooms/{room}/members/{Guid.NewGuid()}/role", new { role = "speaker" })).Must(404).Problem.ShouldBe("member-not-found");
        (await host.Put($"/api/rooms/{Guid.NewGuid()}/members/{me}/role", new { role = "speaker" })).Must(404).Problem.ShouldBe("room-not-found");
        (await host.Put($"/api/rooms/{room}/members/{hostId}/role", new { role = "member" })).Must(409).Problem.ShouldBe("host-stays");
    }

    [Fact]
    public async Task Nobody_but_an_admin_gives_roles_in_the_lobby()
    {
        using var ann = Product.Somebody();
        var me = (await ann.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        (await ann.Post("/api/rooms/LOBBY/enter")).Must(200);
        (await ann.Put($"/api/rooms/LOBBY/members/{me}/role", new { role = "moderator" })).Must(403).Problem.ShouldBe("not-host");
        await AdminAsync(me);

        (await ann.Put($"/api/rooms/LOBBY/members/{me}/role", new { role = "moderator" })).Must(200);
        RoleIn(await ann.Get("/api/rooms/LOBBY")).ShouldBe("host");
    }

    [Fact]
    public async Task A_host_and_moderators_see_who_has_entered_page_by_page_by_their_present_names()
    {
        using var host = Product.Somebody();
        using var ann = Product.Somebody();
        using var bob = Product.Somebody();
        var (room, me) = await EnteredAsync(host, ann);
        (await bob.Post($"/api/rooms/{room}/enter")).Must(200);
        (await host.Post($"/api/rooms/{room}/enter")).Must(200);
        (await ann.Patch("/api/users/me", new { name = "Annegret" })).Must(200);
        (await ann.Get($"/api/rooms/{room}/members")).Must(403).Problem.ShouldBe("not-host");
        (await host.Put($"/api/rooms/{room}/members/{me}/role", new { role = "moderator" })).Must(200);

        var first = (await ann.Get($"/api/rooms/{room}/members?limit=2")).Must(200);
        var second = (await ann.Get($"/api/rooms/{room}/members?limit=2&after={first["next"].GetString()}")).Must(200);

        first.Items[0].GetProperty("name").GetString().ShouldBe("Annegret");
        first.Items.Concat(second.Items).Select(m => m.GetProperty("role").GetString()).ShouldBe(["moderator", "member", "host"]);
        second["next"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await host.Get($"/api/rooms/{room}/members?after=x-1")).Must(400).Problem.ShouldBe("cursor-invalid");
        (await host.Get($"/api/rooms/{room}/members?after=99999999999999999999-{me:N}")).Must(400).Problem.ShouldBe("cursor-invalid");
    }

    private async Task<(Guid Room, Guid Member)> EnteredAsync(Browser host, Browser member)
    {
        var room = (await host.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        var me = (await member.Post("/api/users/guests")).Must(201)["user"].GetProperty("id").GetGuid();
        (await member.Post($"/api/rooms/{room}/enter")).Must(200);
        return (room, me);
    }

    private async Task AdminAsync(Guid user)
    {
        await Product.Database.RunAsync($$"""update users.user set data = data || '{"roles": ["admin"]}' where id = '{{user}}'""");
        Product.Clock.Advance(TimeSpan.FromSeconds(3));      // who somebody is is remembered for two
    }

    private static string? RoleIn(Answer answer) => answer["role"].GetString();
}
