using System.Text.Json;
using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Users.Tests.Smtp;

/// <summary>A mail server of a test's own: <c>server.mjs</c>, run by Node. What has happened to it can be read, what is to go wrong can be said.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<JsonElement> told = [];
    private readonly ChildProcess process;

    private SmtpServer(object options) =>
        process = new ChildProcess("node", [Path.Combine(Directory, "server.mjs"), JsonSerializer.Serialize(options, JsonSerializerOptions.Web)], [], guarded: false, Take);

    public int Port { get; private set; }

    private static string Directory { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Mails it has taken, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. All("mail").Select(ReceivedMail.Of)];

    /// <param name="options">What <c>server.mjs</c> takes: user and password, key and cert.</param>
    public static async Task<SmtpServer> StartAsync(object? options = null)
    {
        var server = new SmtpServer(options ?? new { });
        server.Port = (await server.HearsAsync("listening")).GetProperty("port").GetInt32();
        return server;
    }

    /// <summary>All that it has told of one kind, oldest first.</summary>
    public IReadOnlyList<JsonElement> All(string what)
    {
        lock (gate)
            return told.FindAll(line => line.GetProperty("what").ValueEquals(what));
    }

    /// <summary>What it tells of one kind for the n-th time.</summary>
    public async Task<JsonElement> HearsAsync(string what, int times = 1) => (JsonElement)await Eventually.Returns(
        $"the mail server tells of {times} {what}",
        () => Task.FromResult<object?>(
            All(what) is { } all && all.Count >= times ? all[times - 1]
            : process.HasExited ? throw new InvalidOperationException($"The mail server ended:\n{process.Output}") : null));

    /// <summary>The newest mail to somebody, once there are so many.</summary>
    public Task<ReceivedMail> MailToAsync(string email, int times = 1) => Eventually.Returns(
        $"mail {times} to {email}", () => Task.FromResult(Mails.Where(m => m.Recipients is [var one] && one == email).ToList() is { } all && all.Count >= times ? all[times - 1] : null));

    /// <summary>What goes wrong from now on; see <c>server.mjs</c>.</summary>
    public async Task TroubleAsync(object trouble)
    {
        var before = All("told").Count;
        await process.TellAsync(JsonSerializer.Serialize(trouble, JsonSerializerOptions.Web));
        await HearsAsync("told", before + 1);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private void Take(string line)
    {
        lock (gate)
            told.Add(JsonElement.Parse(line));
    }

    private static string Find(string directory)
    {
        var server = Path.Combine(directory, "tests", "Users.Tests", "Smtp");
        return File.Exists(Path.Combine(server, "node_modules", "smtp-server", "package.json")) ? server
            : File.Exists(Path.Combine(server, "package.json")) ? throw new InvalidOperationException($"The mail server's packages are not installed: run npm ci in {server} (./dev test does).")
            : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No tests/Users.Tests/Smtp above {AppContext.BaseDirectory}."));
    }
}

/// <summary>A mail as a mail program reads it.</summary>
internal sealed partial record ReceivedMail(string Raw, IReadOnlyList<string> Recipients, bool Secure, JsonElement Parsed)
{
    public string Subject => Parsed.GetProperty("subject").GetString()!;

    public string Text => Parsed.GetProperty("text").GetString()!;

    public string Id => Parsed.GetProperty("messageId").GetString()!;

    public string Link => Url().Match(Text).Value;

    public string Token => Link.Split("#token=")[1];

    public static ReceivedMail Of(JsonElement told) => new(
        told.GetProperty("raw").GetString()!, [.. told.GetProperty("recipients").EnumerateArray().Select(r => r.GetString()!)],
        told.GetProperty("secure").GetBoolean(), told.GetProperty("parsed"));

    public string? Header(string name) =>
        Parsed.GetProperty("headers").EnumerateArray().Where(h => h.GetProperty("key").ValueEquals(name)).Select(h => h.GetProperty("value").GetString()).SingleOrDefault();

    [GeneratedRegex("""https?://\S+""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
