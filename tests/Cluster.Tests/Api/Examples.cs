namespace Modular.Cluster.Tests.Api;

/// <summary>A request that is right in everything, for one operation.</summary>
/// <param name="Path">Where, in a given world; made anew for each request.</param>
/// <param name="As">Who asks.</param>
/// <param name="Query">What the address needs behind its question mark.</param>
/// <param name="Unknown">Members and parameters whose text may be anything, with the status for text that names nothing.</param>
internal sealed record Example(
    string Key, Func<World, Task<string>> Path, Func<World, object>? Body = null, Asker As = Asker.Nobody, Func<World, string>? Query = null, params (string Name, int Status)[] Unknown);

/// <summary>One row an operation; a new endpoint adds its own.</summary>
internal static class Examples
{
    private const int AnyText = 200;

    public static IReadOnlyList<Example> All { get; } =
    [
        new("GET /version", At("/version")),

        new("POST /api/users/guests", At("/api/users/guests"), _ => new { name = "Ann" }),
        new("POST /api/users/refresh", At("/api/users/refresh"), w => new { refreshToken = w.RefreshToken }, Unknown: ("refreshToken", 401)),
        new("POST /api/users/register", At("/api/users/register"), _ => new { name = "Ann", email = World.NewEmail(), password = World.Password }),
        new("POST /api/users/login", At("/api/users/login"), w => new { email = w.Email, password = World.Password }, Unknown: ("password", 401)),
        new("POST /api/users/verify", Linked("/api/users/verify", "verify"), w => new { token = w.LinkToken }, Unknown: ("token", 404)),
        new("PUT /api/users/me/password", At("/api/users/me/password"), _ => new { current = World.Password, password = World.Password }, As: Asker.Member, Unknown: ("current", 403)),
        new("POST /api/users/verify/resend", At("/api/users/verify/resend"), As: Asker.Member),
        new("POST /api/users/forgot", At("/api/users/forgot"), w => new { email = w.Email }),
        new("POST /api/users/reset", Linked("/api/users/reset", "reset"), w => new { token = w.LinkToken, password = World.Password }, Unknown: ("token", 404)),
        new("POST /api/users/magic-link/accept", Linked("/api/users/magic-link/accept", "signIn"), w => new { token = w.LinkToken }, Unknown: ("token", 404)),
        new("POST /api/users/magic-link", At("/api/users/magic-link"), w => new { email = w.Email }),
        new("POST /api/users/logout", At("/api/users/logout"), As: Asker.Host),
        new("GET /api/users/me", At("/api/users/me"), As: Asker.Host),
        new("PATCH /api/users/me", At("/api/users/me"), _ => new { name = "Bob" }, As: Asker.Host),
        new("DELETE /api/users/me", At("/api/users/me"), As: Asker.Host),
        new("GET /api/users/me/sessions", At("/api/users/me/sessions"), As: Asker.Host),
        new("DELETE /api/users/me/sessions", At("/api/users/me/sessions"), As: Asker.Host),
        new("DELETE /api/users/me/sessions/{id}", async w => $"/api/users/me/sessions/{await w.SessionAsync()}", As: Asker.Host),
        new("GET /api/users/me/export", At("/api/users/me/export"), As: Asker.Host),
        new("POST /api/users/setup", WithoutAdmin("/api/users/setup"), w => new { token = w.SetupToken, name = "Ada", email = World.NewEmail(), password = World.Password }, Unknown: ("token", 409)),
        new("GET /api/users", At("/api/users"), As: Asker.Admin, Unknown: ("search", AnyText)),
        new("POST /api/users/{id}/ban", OfPerson("/ban"), As: Asker.Admin),
        new("POST /api/users/{id}/unban", OfPerson("/unban"), As: Asker.Admin),
        new("DELETE /api/users/{id}", OfPerson(""), As: Asker.Admin),

        new("POST /api/rooms", At("/api/rooms"), _ => new { title = "Town hall", settings = new { anonymous = true } }),
        new("GET /api/rooms", At("/api/rooms"), As: Asker.Host),
        new("GET /api/rooms/{idOrCode}", InRoom("")),
        new("POST /api/rooms/{idOrCode}/enter", InRoom("/enter")),
        new("POST /api/rooms/{idOrCode}/open", InRoom("/open", after: "/pause"), As: Asker.Host),
        new("POST /api/rooms/{idOrCode}/pause", InRoom("/pause", after: "/open"), As: Asker.Host),
        new("POST /api/rooms/{idOrCode}/close", InRoom("/close", after: "/open"), As: Asker.Host),
        new("GET /api/rooms/{idOrCode}/members", InRoom("/members"), As: Asker.Host),
        new("PUT /api/rooms/{idOrCode}/members/{userId}/role", async w => $"/api/rooms/{w.Room}/members/{await w.EnteredAsync()}/role", _ => new { role = "speaker" }, As: Asker.Host),
        new("POST /api/rooms/links/accept", At("/api/rooms/links/accept"), w => new { token = w.HostLink }, As: Asker.Host, Unknown: ("token", 404)),

        new("POST /api/questions", At("/api/questions"), w => new { body = "Why?", room = w.Room, anonymous = false, clientId = Guid.NewGuid().ToString() }, Unknown: ("room", 404)),
        new("GET /api/questions", At("/api/questions"), Unknown: [("room", 404), ("search", AnyText), ("label", AnyText)]),
        new("GET /api/questions/{id}", OfQuestion("")),
        new("PUT /api/questions/{id}/vote", OfQuestion("/vote")),
        new("DELETE /api/questions/{id}/vote", OfQuestion("/vote")),
        new("POST /api/questions/{id}/answer", OfQuestion("/answer"), As: Asker.Host),
        new("POST /api/questions/{id}/reopen", OfQuestion("/reopen", after: "/answer"), As: Asker.Host),

        new("GET /api/notifications/streams/{name}", w => Task.FromResult($"/api/notifications/streams/questions/{w.Room}"), Unknown: ("epoch", AnyText)),
        new("GET /api/notifications/sse", At("/api/notifications/sse"), Query: w => $"?stream=questions/{w.Room}", Unknown: ("stream", 404)),
    ];

    /// <summary>Operations without a row, and rows without an operation.</summary>
    public static IEnumerable<string> Mismatches(IEnumerable<Operation> operations)
    {
        var (offered, known) = (operations.Select(o => o.Key).ToArray(), All.Select(e => e.Key).ToArray());
        return offered.Except(known).Select(key => $"{key} has no row in Examples").Concat(known.Except(offered).Select(key => $"{key} is in Examples and not in the API"));
    }

    public static Example For(Operation operation) => All.Single(e => e.Key == operation.Key);

    private static Func<World, Task<string>> At(string path) => _ => Task.FromResult(path);

    private static Func<World, Task<string>> Linked(string path, string kind) => async world =>
    {
        await world.MailLinkAsync(kind);
        return path;
    };

    private static Func<World, Task<string>> OfPerson(string act) => async world => $"/api/users/{await world.PersonAsync()}{act}";

    private static Func<World, Task<string>> WithoutAdmin(string path) => async world =>
    {
        await world.RemoveAdminsAsync();
        return path;
    };

    private static Func<World, Task<string>> InRoom(string act, string? after = null) => async world =>
    {
        var room = $"/api/rooms/{world.Room}";
        if (after is not null)
            await world.PreparedAsync(room + after);
        return room + act;
    };

    private static Func<World, Task<string>> OfQuestion(string act, string? after = null) => async world =>
    {
        var question = $"/api/questions/{await world.AskAsync()}";
        if (after is not null)
            await world.PreparedAsync(question + after);
        return question + act;
    };
}
