using Microsoft.Extensions.DependencyInjection;
using Modular.Testing;
using Modular.Users.Contracts;
using Modular.Users.Tests.Accounts;

namespace Modular.Users.Tests.Administering;

public sealed class AdminTests(RunningProduct running) : IClassFixture<RunningProduct>
{
    private Product Product => running.Product;

    [Fact]
    public async Task A_banned_person_is_out_everywhere_and_comes_in_again_only_when_unbanned()
    {
        using var admin = await AdminAsync();
        var email = Person.AnyEmail();
        using var kim = Product.Somebody();
        var made = await kim.Registers(email);
        using var laptop = Product.Somebody();
        (await laptop.Login(email)).Must(200);
        await using var socket = await Product.HubAsync(kim);

        var banned = (await admin.Post($"/api/users/{made.UserId()}/ban")).Must(200);

        banned["bannedAt"].GetDateTimeOffset().ShouldBeInRange(Product.Clock.GetUtcNow().AddMinutes(-1), Product.Clock.GetUtcNow());
        (await kim.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        (await laptop.Get("/api/users/me")).Must(401);
        (await laptop.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(401);
        await Eventually.Is(() => socket.Closed.IsCompleted);
        (await laptop.Login(email, "not the password")).Must(401).Problem.ShouldBe("sign-in-failed");
        (await laptop.Login(email)).Must(403).Problem.ShouldBe("banned");
        (await admin.Post($"/api/users/{made.UserId()}/ban")).Must(200)["bannedAt"].ToString().ShouldBe(banned["bannedAt"].ToString());

        (await admin.Post($"/api/users/{made.UserId()}/unban")).Must(200)["bannedAt"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await laptop.Login(email)).Must(200);
        using var program = Product.WithToken(made);
        (await program.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended", "what has ended stays so");
    }

    [Fact]
    public async Task A_banned_guest_does_not_come_back_by_sending_again()
    {
        using var admin = await AdminAsync();
        using var guest = await Product.DeviceAsync("banned");
        var me = (await guest.Get("/api/users/me")).Id;

        (await admin.Post($"/api/users/{me}/ban")).Must(200)["kind"].GetString().ShouldBe("guest");

        (await guest.Post("/api/questions", new { body = "Here?", clientId = "banned" })).Must(401);
        using var again = await Product.DeviceAsync("banned");
        (await again.Get("/api/users/me")).Id.ShouldNotBe(me);
    }

    [Fact]
    public async Task A_session_that_begins_while_its_person_is_banned_counts_nowhere()
    {
        using var kim = Product.Somebody();
        var made = await kim.Registers(Person.AnyEmail());
        await Product.Database.RunAsync($$"""update users.user set data = data || '{"bannedAt": "2026-01-01T00:00:00Z"}' where id = '{{made.UserId()}}'""");
        Product.Clock.Advance(TimeSpan.FromSeconds(3));

        (await kim.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        (await kim.Post("/api/users/refresh", new { refreshToken = made["refreshToken"].GetString() })).Must(401);
    }

    [Fact]
    public async Task Whom_an_admin_deletes_is_as_gone_as_who_deletes_themselves()
    {
        using var admin = await AdminAsync();
        using var kim = Product.Somebody();
        var email = Person.AnyEmail();
        var made = await kim.Registers(email);

        (await admin.Delete($"/api/users/{made.UserId()}")).Must(204);

        (await kim.Get("/api/users/me")).Must(401);
        (await kim.Login(email)).Must(401).Problem.ShouldBe("sign-in-failed");
        (await Product.Database.ScalarAsync<long>($"select count(*) from users.deletion where id = '{made.UserId()}'")).ShouldBe(1);
        (await admin.Delete($"/api/users/{made.UserId()}")).Must(404).Problem.ShouldBe("user-not-found");
    }

    [Fact]
    public async Task Nobody_bans_or_deletes_themselves_or_somebody_who_is_not_there()
    {
        using var admin = await AdminAsync();
        var me = (await admin.Get("/api/users/me")).Id;
        foreach (var (id, status, type) in new[] { (me, 409, "not-yourself"), (Guid.NewGuid(), 404, "user-not-found") })
        {
            (await admin.Post($"/api/users/{id}/ban")).Must(status).Problem.ShouldBe(type);
            (await admin.Post($"/api/users/{id}/unban")).Must(status).Problem.ShouldBe(type);
            (await admin.Delete($"/api/users/{id}")).Must(status).Problem.ShouldBe(type);
        }
    }

    [Fact]
    public async Task Only_admins_see_and_change_others()
    {
        using var kim = Product.Somebody();
        var made = await kim.Registers(Person.AnyEmail());
        using var nobody = Product.Somebody();
        foreach (var (who, status, type) in new[] { (nobody, 401, "unauthenticated"), (kim, 403, "admins-only") })
        {
            (await who.Get("/api/users")).Must(status).Problem.ShouldBe(type);
            (await who.Post($"/api/users/{made.UserId()}/ban")).Must(status).Problem.ShouldBe(type);
            (await who.Post($"/api/users/{made.UserId()}/unban")).Must(status).Problem.ShouldBe(type);
            (await who.Delete($"/api/users/{Guid.NewGuid()}")).Must(status).Problem.ShouldBe(type);
        }
    }

    [Fact]
    public async Task The_list_is_searched_by_name_and_address_and_takes_every_character_for_itself()
    {
        using var admin = await AdminAsync();
        var mark = Guid.NewGuid().ToString("n");
        Guid[] made = [await NamedAsync($"100% Öl_{mark}"), await NamedAsync($"100 Öl {mark}"), await NamedAsync("Kim", $"{mark}@example.org")];

        (await FoundAsync(admin, mark)).ShouldBe([made[2], made[1], made[0]]);
        (await FoundAsync(admin, $"öl_{mark.ToUpperInvariant()}")).ShouldBe([made[0]]);
        (await FoundAsync(admin, "100% öl")).ShouldContain(made[0]);
        (await FoundAsync(admin, "100% öl")).ShouldNotContain(made[1]);
        (await FoundAsync(admin, $"{mark}@EXAMPLE")).ShouldBe([made[2]]);
        (await FoundAsync(admin, $"%{mark}")).ShouldBeEmpty();
        (await FoundAsync(admin, $"' or '{mark}'='{mark}")).ShouldBeEmpty();
        (await admin.Get($"/api/users?search={new string('x', 201)}")).Must(400).Problem.ShouldBe("search-too-long");
    }

    [Fact]
    public async Task The_list_comes_in_pages_that_neither_skip_nor_repeat()
    {
        using var admin = await AdminAsync();
        var mark = Guid.NewGuid().ToString("n");
        var made = new List<Guid>();
        for (var n = 0; n < 5; n++)
            made.Insert(0, await NamedAsync($"{n} {mark}"));
        var seen = new List<Guid>();
        for (var after = ""; after is not null;)
        {
            var page = (await admin.Get($"/api/users?search={mark}&limit=2{after}")).Must(200);
            seen.AddRange(page.Items.Select(p => p.GetProperty("id").GetGuid()));
            after = page["next"].GetString() is { } next ? $"&after={next}" : null;
        }

        seen.ShouldBe(made);
        (await admin.Get("/api/users?after=x")).Must(400).Problem.ShouldBe("cursor-invalid");
        (await admin.Get("/api/users?limit=0")).Must(400).Problem.ShouldBe("limit-out-of-range");
    }

    [Fact]
    public async Task Of_each_person_there_is_what_an_admin_needs_and_nothing_secret()
    {
        using var admin = await AdminAsync();
        var email = $"{Guid.NewGuid():n}@example.org";
        await NamedAsync("Kim", email);

        var kim = (await admin.Get($"/api/users?search={email}")).Must(200).Items.ShouldHaveSingleItem();

        kim.EnumerateObject().Select(m => m.Name).ShouldBe(["id", "name", "kind", "roles", "email", "emailVerified", "bannedAt", "createdAt"]);
        kim.GetProperty("email").GetString().ShouldBe(email);
        kim.GetProperty("emailVerified").GetBoolean().ShouldBeFalse();
    }

    private async Task<Browser> AdminAsync()
    {
        var email = Person.AnyEmail();
        await Product.Services.GetRequiredService<IAccounts>().MakeAsync(email, "Ada", Person.Password, admin: true, TestContext.Current.CancellationToken);
        var admin = Product.Somebody();
        (await admin.Login(email)).Must(200);
        return admin;
    }

    private async Task<Guid> NamedAsync(string name, string? email = null)
    {
        using var browser = Product.Somebody();
        return (await browser.Post("/api/users/register", new { name, email = email ?? Person.AnyEmail(), password = Person.Password })).Must(201).UserId();
    }

    private static async Task<Guid[]> FoundAsync(Browser admin, string search) =>
        [.. (await admin.Get($"/api/users?search={Uri.EscapeDataString(search)}")).Must(200).Items.Select(p => p.GetProperty("id").GetGuid())];
}
