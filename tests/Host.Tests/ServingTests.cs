using System.Net;
using System.Net.Sockets;
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
        await using var host = Start(database, ("Drain__Grace", "00:00:05"), ("Drain__Window", "00:00:00"));
        using var http = new HttpClient { BaseAddress = await host.ListensAsync() };
        foreach (var probe in new[] { "live", "ready", "started" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"/health/{probe}")).StatusCode);

        // A request whose body is half sent when the signal comes.
        using var slow = new TcpClient();
        await slow.ConnectAsync(http.BaseAddress!.Host, http.BaseAddress.Port);
        await using var stream = slow.GetStream();
        await stream.WriteAsync("POST /api/users/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/version")).StatusCode);

        host.Terminate();
        await Eventually.Is(async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        using var late = await http.PostAsync("/api/users/guests", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        Assert.True(late.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);

        await Eventually.Is(() => host.Output.Contains("\"Stopping\"", StringComparison.Ordinal));
        await stream.WriteAsync("}"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 201", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
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
