using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Modular.Testing;

namespace Modular.Host.Tests;

/// <summary>The host as a process on a real database, from start to SIGTERM.</summary>
public sealed class ServingTests
{
    [Fact]
    public async Task SIGTERM_turns_readiness_off_serves_on_for_the_grace_time_ends_what_is_in_flight_and_exits_0()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var link = new TcpProxy(database.Port);
        // Longer than the test: the second signal ends it.
        await using var host = Start(
            database, ("Database__ConnectionString", database.Through(link)), ("Database__QueueTimeoutMs", "60000"), ("Database__BatchTimeoutSeconds", "60"),
            ("Database__OutcomeTimeoutMs", "120000"),
            ("Drain__Grace", "00:05:00"), ("Drain__Window", "00:00:00"));
        using var http = new HttpClient { BaseAddress = await host.ListensAsync() };
        foreach (var probe in new[] { "live", "ready", "started" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/health/{probe}")).StatusCode);

        host.Terminate();
        await Eventually.Is(async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        using var late = await http.PostAsJsonAsync("/api/users/guests", new { name = "Ann" });
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        Assert.True(late.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        var held = link.HoldAnswerTo("In flight");
        var asking = http.PostAsJsonAsync("/api/users/guests", new { name = "In flight" });
        await held;

        host.Terminate();
        await Eventually.Is(() => host.Output.Contains("\"Stopping\"", StringComparison.Ordinal));
        Assert.False(asking.IsCompleted);
        link.Release();
        using var answer = await asking;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await host.ExitCodeAsync());
    }

    [Fact]
    public async Task In_production_each_log_line_is_a_JSON_object_with_the_request_id()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = Start(database, ("Drain__Grace", "00:00:00"));
        using var http = new HttpClient { BaseAddress = await host.ListensAsync() };
        http.DefaultRequestHeaders.Add("x-request-id", "find-me");
        await http.GetAsync("/api/rooms?access_token=hush");
        await Eventually.Is(() => host.Output.Contains("find-me", StringComparison.Ordinal));
        host.Terminate();
        await host.ExitCodeAsync();

        var lines = host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Contains(lines, l => l.TryGetProperty("requestId", out var id) && id.GetString() == "find-me" && l.TryGetProperty("status", out var status) && status.GetInt32() == 401);
        Assert.DoesNotContain("hush", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_prepares_the_database_and_ends()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var migration = new HostProcess("migrate", Environment(database));
        Assert.Equal(0, await migration.ExitCodeAsync());
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from information_schema.schemata where schema_name = 'rooms'"));
    }

    private static HostProcess Start(TestDatabase database, params (string, string)[] more) =>
        new("serve", [.. Environment(database), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. more]);

    private static (string, string)[] Environment(TestDatabase database) =>
        [("Database__ConnectionString", database.ConnectionString), ("Modules__Users__Secret", "0123456789012345678901234567890123456789")];
}
