using Modular.Testing;

namespace Modular.Cluster.Tests.Secrets;

/// <summary>A password and a token are seen by whom they are for: by no log at any level, no trace, no stream, no row, no error.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string HostSecret = "the secret of this host, seen by nobody";
    /// <summary>Of the way to become the first admin, which the operator is meant to read there.</summary>
    private const string Announcement = "\"category\":\"Modular.Users.FirstAdmin.AnnounceSetup\"";

    private readonly string mails = Directory.CreateTempSubdirectory("modular-mails-").FullName;
    private readonly Secrets secrets = new();
    private Observed observed = null!;

    public async ValueTask InitializeAsync() => observed = await Observed.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await observed.DisposeAsync();
        Directory.Delete(mails, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_is_secret_is_seen_where_it_does_not_belong()
    {
        secrets.Add("the secret of the host", HostSecret);
        var host = await StartAsync();
        using var ann = host.Somebody();
        var made = secrets.AddAll("a listener", (await ann.Post("/api/users/guests")).Must(201));
        var flows = new Flows(host, secrets, mails);
        await using var listeners = await Listeners.OpenAsync(host.Address, made["accessToken"].GetString()!, made["user"].GetProperty("id").GetGuid());
        await flows.RunAsync();
        await listeners.AuthenticateAsync(secrets.Password("a token that is none"));

        var marker = $"seen-{Guid.NewGuid():n}";
        var shown = (await ann.Send(HttpMethod.Post, "/api/questions", new { body = marker }, ("x-request-id", marker))).Must(201);
        await Eventually.Is(() => listeners.Heard.Values.All(heard => heard.Contains(marker, StringComparison.Ordinal)));
        var document = (await ann.Get("/openapi/v1.json")).Must(200).Text;
        var rows = await RowsAsync();
        await Eventually.Is(() => observed.Collector.Text.Contains(marker, StringComparison.Ordinal));
        await host.StopAsync();

        var places = new Dictionary<string, string>(listeners.Heard)
        {
            ["the log"] = string.Join('\n', host.Log.Split('\n').Where(line => !line.Contains(Announcement, StringComparison.Ordinal))),
            ["telemetry"] = observed.Collector.Text,
            ["a table"] = rows,
        };
        places.Values.ShouldAllBe(text => text.Contains(marker), "what may be seen is seen there, so the search works");
        shown.Text.ShouldContain(marker);
        places["the OpenAPI document"] = document;
        places["an answer that refuses"] = string.Join('\n', flows.Refused.Select(a => $"{string.Join('\n', a.Headers)}\n{a.Text}"));

        secrets.Count.ShouldBeGreaterThan(20);
        places.SelectMany(place => secrets.In(place.Key, place.Value)).ShouldBeEmpty();
    }

    [Fact]
    public void A_secret_is_found_whole_and_in_part()
    {
        var known = new Secrets();
        var token = known.Add("a token", string.Concat(Enumerable.Range(0, 20).Select(n => Guid.NewGuid().ToString("n")[..8])));
        var password = known.Password("a password");
        known.In("here", $"before {token} behind").ShouldHaveSingleItem().ShouldStartWith("a token stands in here");
        known.In("here", $"cut: {token[50..]}").ShouldHaveSingleItem();
        known.In("here", $"shouted: {password.ToUpperInvariant()}").ShouldHaveSingleItem();
        known.In("here", "nothing of it").ShouldBeEmpty();
    }

    private Task<HostProcess> StartAsync() => observed.HostAsync(
        ("Logging__LogLevel__Default", "Trace"), ("Logging__Console__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"), ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Trace"),
        ("Modules__Users__Secret", HostSecret), ("Mail__Folder", mails), ("Public__Url", "http://localhost"));

    /// <summary>Every row of every table, as text.</summary>
    private async Task<string> RowsAsync()
    {
        var all = (await observed.Store.ScalarAsync<string>("""
            select string_agg(format('select t::text as row from %I.%I t', table_schema, table_name), ' union all ')
            from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
            """))!;
        return (await observed.Store.ScalarAsync<string>($"select string_agg(row, E'\\n') from ({all}) r"))!;
    }
}
