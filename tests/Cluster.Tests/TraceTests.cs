using Modular.Testing;
using Modular.Testing.Otlp;

namespace Modular.Cluster.Tests;

/// <summary>One trace from the request to the sockets, wherever they are.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private Observed observed = null!;
    private OtlpReceiver collector = null!;

    public async ValueTask InitializeAsync()
    {
        observed = await Observed.OpenAsync();
        collector = observed.Collector;
    }

    public ValueTask DisposeAsync() => observed.DisposeAsync();

    [Fact]
    public async Task A_trace_goes_from_a_request_on_one_replica_through_commit_broker_and_handler_to_the_sockets_of_both()
    {
        await using var broker = await TestBroker.CreateAsync();
        (string, string)[] settings = [("Bus__Url", broker.Url), ("Logging__LogLevel__Modular.Kernel.Messaging", "Debug")];
        var (starting, alsoStarting) = (observed.HostAsync(settings), observed.HostAsync(settings));
        var (a, b) = (await starting, await alsoStarting);
        await Task.WhenAll(a.ConnectedAsync(), b.ConnectedAsync());        // what happens before comes to B from the log, which knows of no traces
        using var ann = a.Somebody();
        var room = (await ann.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        // Else the handlers of both events may find no copy of the room yet, and the second makes its own twice.
        await Eventually.Is(async () => await observed.Store.ScalarAsync<long>($"select count(*) from questions.room_copy where id = '{room}'") == 1, Soon);
        var followers = await Task.WhenAll(new[] { a, b, b, b }.Select(host => Follower.OfAsync(host.Address, $"rooms/{room}")));

        var answer = (await ann.Post($"/api/rooms/{room}/pause")).Must(200);
        foreach (var follower in followers)
            await follower.SeesAsync(2, Soon);
        var trace = await TraceOfAsync(answer, spans: 7, a, b);

        var request = trace.Single(s => s.Source == "Microsoft.AspNetCore");
        var handled = trace.Single(s => s.Name == "handle room.paused");
        trace.Where(s => s.Source != "Npgsql").Select(s => (s.Name, s.Parent)).ShouldBe(
        [
            ("POST /api/rooms/{idOrCode}/pause", ""), ("commit questions", handled.SpanId), ("commit rooms", request.SpanId),
            ("handle room.paused", request.SpanId), ("publish rooms", request.SpanId), ("push rooms", request.SpanId), ("push rooms", request.SpanId),
        ], ignoreOrder: true);
        trace.Where(s => s.Name is "commit rooms" or "publish rooms").ShouldAllBe(s => s.Instance == request.Instance);
        trace.Where(s => s.Name == "push rooms").Select(s => s.Instance).Distinct().Count().ShouldBe(2);
        $"{a.Log}{b.Log}".Split('\n').ShouldContain(line =>
            line.Contains("has handled room.paused") && line.Contains(answer.Headers["x-request-id"]) && line.Contains(handled.TraceId));
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_broker_the_trace_is_the_same_in_one_process()
    {
        var host = await observed.HostAsync();
        using var ann = host.Somebody();
        var room = (await ann.Post("/api/rooms", new { title = "Town hall" })).Must(201).Id;
        await using var follower = await Follower.OfAsync(host.Address, $"rooms/{room}");

        var answer = (await ann.Post($"/api/rooms/{room}/pause")).Must(200);
        await follower.SeesAsync(2, Soon);

        var trace = await TraceOfAsync(answer, spans: 6, host);
        trace.Where(s => s.Source.StartsWith("Modular.", StringComparison.Ordinal)).Select(s => s.Name).ShouldBe(
            ["commit rooms", "publish rooms", "handle room.paused", "commit questions", "push rooms"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_not_traced_leaves_no_span_on_any_replica()
    {
        await using var broker = await TestBroker.CreateAsync();
        var (starting, alsoStarting) = (observed.HostAsync(("Bus__Url", broker.Url), ("Otel__Sampling", "0")), observed.HostAsync(("Bus__Url", broker.Url)));
        var (a, b) = (await starting, await alsoStarting);
        await using var follower = await Follower.OfAsync(b.Address, Lobby.Stream);
        (await Lobby.AskAsync(a.Address, "Nobody looks?", "the one")).Must(201);
        await follower.SeesAsync(1, Soon);
        await Eventually.Is(() => Pushed(), Soon);
        await a.StopAsync();
        await b.StopAsync();

        collector.Spans.Where(s => s.Source != "Npgsql").ShouldBeEmpty();

        bool Pushed() => collector.Metrics.Any(m => m.Name == "modular.notifications.push_age" && m.Value == 1);
    }

    [Fact]
    public async Task What_the_broker_does_and_does_not_do_is_measured()
    {
        await using var broker = await TestBroker.CreateAsync();
        await using var link = new TcpProxy(broker.Port);
        var host = await observed.HostAsync(("Bus__Url", broker.Through(link)));
        await Eventually.Is(() => Value("modular.bus.connected") == 1 && Value("modular.bus.lag") > 0, Soon);
        var failures = Value("modular.publish.failures");

        link.RefuseNew();
        link.Cut();
        (await Lobby.AskAsync(host.Address, "Who hears this?", "the one")).Must(201);
        await Eventually.Is(() => Value("modular.publish.failures") > failures && Value("modular.bus.connected") == 0 && Value("modular.outbox.oldest_age") > 5, TimeSpan.FromSeconds(60));

        link.AcceptNew();
        await Eventually.Is(() => Value("modular.bus.connected") == 1 && Value("modular.outbox.depth") == 0 && Value("modular.outbox.oldest_age") == 0, TimeSpan.FromSeconds(60));

        double Value(string name) => collector.Metrics.SingleOrDefault(m => m.Name == name)?.Value ?? 0;
    }

    /// <summary>The whole trace of an answered request: the hosts are stopped when it has as many spans (those of the database aside), so that a further one would be seen.</summary>
    private async Task<IReadOnlyList<ReceivedSpan>> TraceOfAsync(Answer answer, int spans, params HostProcess[] hosts)
    {
        var request = await Eventually.Returns("the request's span", () => Task.FromResult(
            collector.Spans.FirstOrDefault(s => s.Source == "Microsoft.AspNetCore" && s.Attributes.GetValueOrDefault("request.id") == answer.Headers["x-request-id"])), Soon);
        try
        {
            await Eventually.Is(() => Of().Count(s => s.Source != "Npgsql") >= spans, Soon);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Of {spans} spans these came: {string.Join(", ", Of().Select(s => s.Name))}", late);
        }

        foreach (var host in hosts)
            await host.StopAsync();
        return Of();

        List<ReceivedSpan> Of() => [.. collector.Spans.Where(s => s.TraceId == request.TraceId)];
    }
}
