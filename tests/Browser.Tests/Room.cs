using Modular.Testing;

namespace Modular.Browser.Tests;

/// <summary>A room, in the hands of its host, who speaks HTTP here.</summary>
public sealed class Room : IDisposable
{
    private readonly Testing.Browser host;
    private readonly Uri server;

    private Room(Testing.Browser host, Uri server, Guid id, string code) => (this.host, this.server, Id, Code) = (host, server, id, code);

    public Guid Id { get; }

    public string Code { get; }

    public Uri Page => new(server, $"/r/{Code}");

    /// <summary>The host's cookie, for a browser that is to be the host's.</summary>
    public System.Net.Cookie HostCookie => host.Cookies.GetAllCookies().Single();

    /// <summary>What the host keeps to come back on another device.</summary>
    public required string HostLink { get; init; }

    public static async Task<Room> OpenAsync(Uri server, string title)
    {
        var person = new Testing.Browser(server);
        (await person.Post("/api/users/guests", new { name = "Hedy" })).Must(201);
        var room = (await person.Post("/api/rooms", new { title })).Must(201);
        return new Room(person, server, room.Id, room["code"].GetString()!) { HostLink = room["hostLink"].GetString()! };
    }

    public async Task CloseAsync() => (await host.Post($"/api/rooms/{Id}/close")).Must(200);

    /// <summary>Somebody asks whose browser is not the matter.</summary>
    public async Task<Guid> AskAsync(string body, string name = "Ada", int votes = 1)
    {
        using var asker = await GuestAsync(name);
        var question = (await asker.Post("/api/questions", new { body, room = Code })).Must(201);
        for (var voter = 1; voter < votes; voter++)
        {
            using var other = await GuestAsync($"Voter {voter}");
            (await other.Put($"/api/questions/{question.Id}/vote")).Must(200);
        }

        return question.Id;
    }

    /// <summary>Somebody asks, and the host answers.</summary>
    public async Task AnswerAsync(string body, string name) => (await host.Post($"/api/questions/{await AskAsync(body, name)}/answer")).Must(200);

    /// <summary>Waits until the server takes no more questions for this room.</summary>
    public async Task TakesNoMoreAsync()
    {
        using var late = await GuestAsync("Late");
        await Eventually.Is(async () => (await late.Post("/api/questions", new { body = "Too late?", room = Code })).Status == 409);
    }

    public void Dispose() => host.Dispose();

    private async Task<Testing.Browser> GuestAsync(string name)
    {
        var guest = new Testing.Browser(server);
        (await guest.Post("/api/users/guests", new { name })).Must(201);
        (await guest.Post($"/api/rooms/{Id}/enter", new { })).Must(200);
        return guest;
    }
}
