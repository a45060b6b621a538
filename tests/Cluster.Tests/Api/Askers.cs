using Modular.Testing;

namespace Modular.Cluster.Tests.Api;

/// <summary>One person of each kind, and a new one where what was asked has ended the last one's session.</summary>
internal sealed class Askers(World world)
{
    private readonly Dictionary<Asker, string> tokens = [];
    private readonly Dictionary<Asker, string> roomsOfRoles = [];
    private readonly HashSet<Asker> certain = [];

    /// <summary>An access token that counts; null for nobody.</summary>
    public async Task<string?> TokenOfAsync(Asker asker)
    {
        if (asker is Asker.Nobody)
            return null;
        if (asker is Asker.Host)
            return world.AccessToken;
        if (!tokens.TryGetValue(asker, out var token) || (!certain.Contains(asker) && !await CountsAsync(asker, token)))
            tokens[asker] = token = await NewAsync(asker);
        certain.Add(asker);
        if (asker is Asker.Speaker or Asker.Moderator)
            await GiveRoleAsync(asker, token);
        return token;
    }

    /// <summary>Something has happened that may have ended a session or changed a person.</summary>
    public void Doubt() => certain.Clear();

    /// <summary>In the room that there is now.</summary>
    private async Task GiveRoleAsync(Asker asker, string token)
    {
        if (roomsOfRoles.GetValueOrDefault(asker) == world.Room + token)
            return;
        using var person = new Browser(world.Address, token);
        (await person.Post($"/api/rooms/{world.Room}/enter")).Must(200);
        using var host = new Browser(world.Address, world.AccessToken);
        (await host.Put($"/api/rooms/{world.Room}/members/{(await person.Get("/api/users/me")).Must(200).Id}/role", new { role = asker is Asker.Speaker ? "speaker" : "moderator" })).Must(200);
        roomsOfRoles[asker] = world.Room + token;
    }

    private async Task<string> NewAsync(Asker asker)
    {
        using var person = new Browser(world.Address);
        var made = (IsGuest(asker) ? await person.Post("/api/users/guests") : await person.Post("/api/users/register", new { email = World.NewEmail(), password = World.Password })).Must(201);
        if (asker is Asker.Admin)
            await world.Database.RunAsync($$"""
                update users."user" set data = jsonb_set(data, array['roles'], '["admin"]') where id = '{{made["user"].GetProperty("id").GetGuid()}}'
                """);
        if (asker is Asker.HostElsewhere)
            (await person.Post("/api/rooms", new { title = "Elsewhere" })).Must(201);
        return made["accessToken"].GetString()!;
    }

    private static bool IsGuest(Asker asker) => asker is Asker.Guest or Asker.Speaker or Asker.Moderator;

    private async Task<bool> CountsAsync(Asker asker, string token)
    {
        using var person = new Browser(world.Address, token);
        return await person.Get("/api/users/me") is { Status: 200 } me
            && me["kind"].ValueEquals(IsGuest(asker) ? "guest" : "member") && me["roles"].GetArrayLength() == (asker is Asker.Admin ? 1 : 0);
    }
}
