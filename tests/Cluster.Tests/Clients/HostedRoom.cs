using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>A room that nobody else uses, in the hands of its host.</summary>
internal sealed class HostedRoom : IDisposable
{
    private readonly Browser host;

    private HostedRoom(Browser host, Guid id, string code) => (this.host, Id, Code) = (host, id, code);

    public Guid Id { get; }

    public string Code { get; }

    /// <summary>The stream of the room itself.</summary>
    public string Stream => $"rooms/{Id}";

    public string Questions => $"questions/{Id}";

    public static async Task<HostedRoom> OpenAsync(Uri server)
    {
        var person = new Browser(server);
        var room = (await person.Post("/api/rooms", new { title = "Town hall" })).Must(201);
        return new HostedRoom(person, room.Id, room["code"].GetString()!);
    }

    public async Task<Guid> AskAsync(string body) => (await host.Post("/api/questions", new { body, room = Code })).Must(201).Id;

    public async Task AnswerAsync(Guid question) => (await host.Post($"/api/questions/{question}/answer")).Must(200);

    public async Task PauseAsync() => (await host.Post($"/api/rooms/{Id}/pause")).Must(200);

    public void Dispose() => host.Dispose();
}
