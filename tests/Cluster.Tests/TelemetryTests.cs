using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Modular.Testing;
using Modular.Testing.Otlp;

namespace Modular.Cluster.Tests;

public sealed class TelemetryTests(TelemetryTests.OneObserved one) : IClassFixture<TelemetryTests.OneObserved>
{
    private readonly Observed observed = one.Observed;
    private readonly OtlpReceiver collector = one.Observed.Collector;
    private readonly HostProcess host = one.Host;

    [Fact]
    public async Task A_request_is_a_span_that_says_what_it_was_and_carries_the_id_its_caller_was_told()
    {
        using var ann = host.Somebody();

        var answer = (await ann.Post("/api/questions", new { body = "Who sees this?" })).Must(201);

        var span = await Eventually.Returns("the span of the request", () => Task.FromResult(collector.Spans.FirstOrDefault(IsTheRequest)));
        span.Name.ShouldBe("POST /api/questions/");
        span.Attributes["http.response.status_code"].ShouldBe("201");
        span.Attributes["url.path"].ShouldBe("/api/questions");
        span.Parent.ShouldBeEmpty();
        // Written beside the request, so it may come behind the answer.
        await Eventually.Is(() => Log(host).Any(line => Member(line, "requestId") == answer.Headers["x-request-id"] && Member(line, "traceId") == span.TraceId));

        bool IsTheRequest(ReceivedSpan s) => s.Attributes.GetValueOrDefault("request.id") == answer.Headers["x-request-id"];
    }

    [Fact]
    public async Task Nothing_of_a_query_or_of_the_connection_string_leaves_in_telemetry_and_sockets_and_health_checks_are_no_spans()
    {
        using var ann = host.Somebody();
        var token = (await ann.Post("/api/users/guests", new { name = "Ann" })).Must(201)["accessToken"].GetString()!;

        await using (var hub = await HubClient.ConnectAsync(host.Address, token))
            await hub.SubscribeAsync(Lobby.Stream);
        await ann.Get($"/api/questions?access_token={token}&q=hush-hush");
        await ann.Get("/nowhere?q=hush-hush");
        foreach (var metric in new[] { "http.server.request.duration", "db.client.operation.duration" })
            await Eventually.Is(() => collector.Metrics.Any(m => m.Name == metric), what: metric);
        // They are sent in the order of their ends.
        await Eventually.Is(() => collector.Spans.Any(s => s.Attributes.GetValueOrDefault("url.path") == "/nowhere"));

        collector.Text.ShouldNotContain(token);
        collector.Text.ShouldNotContain("access_token");
        collector.Text.ShouldNotContain("hush-hush");
        collector.Text.ShouldNotContain("hunter2");
        collector.Text.ShouldNotContain("Username=");
        collector.Spans.Select(s => s.Attributes.GetValueOrDefault("url.path")).ShouldNotContain("/hub");
        collector.Spans.Select(s => s.Attributes.GetValueOrDefault("url.path")).ShouldNotContain("/health/ready");
    }

    [Fact]
    public async Task A_caller_names_its_trace_and_does_not_decide_whether_it_is_kept()
    {
        await using var another = await TestDatabase.MigratedAsync();
        var reluctant = await observed.HostOnAsync(another.ConnectionString, ("Otel__Sampling", "0"));
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        foreach (var (asked, flag) in new[] { (reluctant, "01"), (host, "00") })
        {
            using var ann = asked.Somebody();
            await ann.Get("/api/questions", ("traceparent", $"00-{trace}-00f067aa0ba902b7-{flag}"));
        }

        await reluctant.StopAsync();
        await Eventually.Is(() => collector.Spans.Any(s => s.TraceId == trace && s.Source == "Microsoft.AspNetCore"));
        collector.Spans.Where(s => s.TraceId == trace && s.Source == "Microsoft.AspNetCore").ShouldHaveSingleItem().Parent.ShouldBe("00f067aa0ba902b7");
    }

    [Fact]
    public async Task Metrics_of_the_product_of_the_server_and_of_the_runtime_are_sent_under_one_name_of_the_process()
    {
        (await Lobby.AskAsync(host.Address, "Counted?", "counted")).Must(201);

        foreach (var meter in new[] { "Modular.Kernel", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql" })
            await Eventually.Is(() => Metrics(host).Any(m => m.Meter == meter && m.Value > 0), what: $"a metric of {meter}");
        Metrics(host).Select(m => m.Instance).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public Task A_collector_that_never_answers_is_told_of_once_and_delays_neither_requests_nor_the_end() =>
        Task.WhenAll(NeverAnsweredAsync("http/protobuf"), NeverAnsweredAsync("grpc"));

    private static async Task NeverAnsweredAsync(string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var database = await TestDatabase.MigratedAsync();
        await using var muted = await HostProcess.StartAsync(database.ConnectionString, settings:
        [
            ("Otel__Endpoint", $"http://{silent.LocalEndpoint}"), ("Otel__Protocol", protocol),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
        ]);
        for (var n = 0; n < 5; n++)
            (await Lobby.AskAsync(muted.Address, "Anybody?", $"client {n}")).Must(201);
        await Eventually.Is(() => muted.Log.Contains("takes no telemetry", StringComparison.Ordinal), TimeSpan.FromMinutes(3));
        for (var n = 5; n < 10; n++)
            (await Lobby.AskAsync(muted.Address, "Anybody?", $"client {n}")).Must(201);

        var begun = Stopwatch.GetTimestamp();
        await muted.StopAsync();

        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(55), "less than what one more try would take");
        Log(muted).Count(line => line.GetRawText().Contains("takes no telemetry", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_collector_that_comes_back_is_told_of_and_gets_what_happens_from_then_on()
    {
        await using var link = new TcpProxy(collector.Address.Port);
        link.RefuseNew();
        await using var another = await TestDatabase.MigratedAsync();
        var cutOff = await observed.HostOnAsync(another.ConnectionString, ("Otel__Endpoint", $"http://127.0.0.1:{link.Port}"));
        await Eventually.Is(() => cutOff.Log.Contains("takes no telemetry", StringComparison.Ordinal));
        link.AcceptNew();
        await Eventually.Is(() => cutOff.Log.Contains("takes telemetry again", StringComparison.Ordinal));
        await Eventually.Is(() => Metrics(cutOff).Any());
        await cutOff.StopAsync();
    }

    private IEnumerable<ReceivedMetric> Metrics(HostProcess of) => collector.Metrics.Where(m => m.Instance.EndsWith($":{of.Id}", StringComparison.Ordinal));

    private static IReadOnlyList<JsonElement> Log(HostProcess of) =>
        [.. of.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => JsonElement.Parse(l))];

    private static string? Member(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>A host whose telemetry comes here, for tests that leave it running.</summary>
    public sealed class OneObserved : IAsyncLifetime
    {
        internal Observed Observed { get; private set; } = null!;

        internal HostProcess Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Observed = await Observed.OpenAsync();
            Host = await Observed.HostOnAsync($"{Observed.Database};Password=hunter2");
        }

        public ValueTask DisposeAsync() => Observed.DisposeAsync();
    }
}
