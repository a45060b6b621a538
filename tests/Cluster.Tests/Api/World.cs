using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Cluster.Tests.Api;

/// <summary>A running host with a room, its host and a question, for valid examples to name; and a plain way to send anything.</summary>
public sealed partial class World : IAsyncLifetime
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly string mails = Directory.CreateTempSubdirectory("modular-mails-").FullName;
    private readonly Askers askers;
    private TestDatabase database = null!;
    private HostProcess host = null!;
    private string? setup;

    public World() => askers = new Askers(this);

    internal const string Password = "correct horse battery";

    internal Uri Address => host.Address;

    internal string Log => host.Log;

    internal TestDatabase Database => database;

    internal string Room { get; private set; } = "";

    internal string HostLink { get; private set; } = "";

    /// <summary>Of the room's host.</summary>
    internal string AccessToken { get; private set; } = "";

    /// <summary>Of somebody with an account and <see cref="Password"/>.</summary>
    internal string Email { get; } = NewEmail();

    internal string RefreshToken { get; private set; } = "";

    /// <summary>Of the last link that <see cref="MailLinkAsync"/> has made.</summary>
    internal string LinkToken { get; private set; } = "";

    /// <summary>What the host's log said when it had no admin.</summary>
    internal string SetupToken => Regex.Match(Log, "/setup#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;

    internal IReadOnlyList<Operation> Operations { get; private set; } = [];

    /// <summary>Something has been done since the room was made, so what examples name may be used up or ended.</summary>
    internal bool HasChanged { get; private set; }

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.MigratedAsync();
        host = await HostProcess.StartAsync(database.ConnectionString, settings: [("Mail__Folder", mails), ("Public__Url", "http://localhost"),
            // These tests keep their people for as long as a busy machine takes.
            ("Modules__Users__AccessTokenLife", "1.00:00:00")]);
        http.BaseAddress = host.Address;
        Operations = Operation.AllOf((await Get("/openapi/v1.json")).Json);
        using var somebody = host.Somebody();
        (await somebody.Post("/api/users/register", new { email = Email, password = Password })).Must(201);
        // Else a link to sign in would take the password away.
        await database.RunAsync($$"""update users.account set data = jsonb_set(data, '{verifiedAt}', '"2026-01-01T00:00:00Z"') where data ->> 'emailKey' = '{{Email}}'""");
        await InitializeRoomAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(mails, recursive: true);
    }

    internal static string NewEmail() => $"{Guid.NewGuid():n}@example.org";

    /// <summary>An access token of somebody of this kind; null for nobody.</summary>
    internal Task<string?> TokenOfAsync(Asker asker) => askers.TokenOfAsync(asker);

    internal Task<Answer> Get(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), token: null);

    internal async Task<Answer> SendAsync(HttpRequestMessage request, string? token)
    {
        using (request)
        {
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            HasChanged |= response.IsSuccessStatusCode && request.Method != HttpMethod.Get;
            if (HasChanged || response.StatusCode == HttpStatusCode.Unauthorized)
                askers.Doubt();
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
            // Server-sent events do not end.
            var text = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
            return new Answer((int)response.StatusCode, text, headers);
        }
    }

    internal static HttpRequestMessage Request(string verb, string path, string? json) => new(new HttpMethod(verb), new Uri(path, UriKind.Relative))
    {
        Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
    };

    /// <summary>How many rows every table holds, but those that only the Kernel's own work is in.</summary>
    internal async Task<string> StoredAsync()
    {
        await Eventually.Is(async () => await database.ScalarAsync<long>("select count(*) from questions.question where shown <> votes") == 0);
        var counts = (await database.ScalarAsync<string>("""
            select string_agg(format('select %L || count(*) from %I.%I', table_schema || '.' || table_name || '=', table_schema, table_name), ' union all ' order by 1)
            from information_schema.tables
            where table_schema in ('users', 'rooms', 'questions') and table_name not in ('commits', 'leases', 'outbox', 'outbox_owner', 'inbox', 'attempt_count', 'mail_request', 'mail_link')
            """))!;
        return (await database.ScalarAsync<string>($"select string_agg(n, E'\\n' order by n) from ({counts}) c(n)"))!;
    }
}
