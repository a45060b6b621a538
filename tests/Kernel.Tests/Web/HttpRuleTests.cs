using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Tests.Web;

public sealed class HttpRuleTests(RunningHost running) : IClassFixture<RunningHost>
{
    private const string Thing = "/api/things/00000000-0000-0000-0000-000000000001";

    private TestHost Host => running.Host;

    [Theory]
    [InlineData("/api/things/list?limit=1")]
    [InlineData(Thing)]
    [InlineData("/health/live")]
    [InlineData("/version")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    [InlineData("/elsewhere")]
    public async Task HEAD_answers_as_GET_does_without_the_body(string path)
    {
        var get = await Host.GetAsync(path);
        var head = await Host.SendAsync("HEAD", path, body: null);
        head.Status.ShouldBe(get.Status);
        head.Body.ShouldBeEmpty();
        head.Header("Content-Type").ShouldBe(get.Header("Content-Type"));
        head.Header("ETag").ShouldBe(get.Header("ETag"));
    }

    [Theory]
    [InlineData("/api/things/list?limit=1")]
    [InlineData("/api/things/fails/crash")]
    [InlineData("/elsewhere")]
    [InlineData("/")]
    public async Task Security_headers_are_on_every_answer(string path)
    {
        var answer = await Host.GetAsync(path);
        answer.Header("Content-Security-Policy").ShouldNotBeNull().ShouldStartWith("default-src 'self';");
        answer.Header("Content-Security-Policy")!.ShouldContain("frame-ancestors 'none'");
        answer.Header("Content-Security-Policy")!.ShouldNotContain("unsafe");
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Header("Referrer-Policy").ShouldNotBeNull();
        answer.Header("Strict-Transport-Security").ShouldBeNull();
        answer.Header("Server").ShouldBeNull();
    }

    [Theory]
    [InlineData("my-id_1.a@b", "my-id_1.a@b")]
    [InlineData("a b\"<c>/d", "abcd")]
    public async Task The_callers_request_id_comes_back_cleaned(string sent, string expected)
    {
        var answer = await Host.GetAsync("/api/things/module", ("x-request-id", sent));
        answer.Header("x-request-id").ShouldBe(expected);
        answer.Json[1].GetString().ShouldBe(expected, "the request's scope carries it");
        Host.Log.Entries.ShouldContain(e => e.RequestId == expected && e.Message.StartsWith("GET /api/things/module 200"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("///")]
    public async Task Without_a_usable_request_id_one_is_made(string sent)
    {
        var first = (await Host.GetAsync("/elsewhere", ("x-request-id", sent))).Header("x-request-id");
        var second = (await Host.GetAsync("/elsewhere", ("x-request-id", sent))).Header("x-request-id");
        first.ShouldNotBeNullOrEmpty();
        first.ShouldNotBe(second);
    }

    [Fact]
    public async Task The_endpoint_runs_in_the_scope_of_its_module() =>
        (await Host.GetAsync("/api/things/module")).Json[0].GetString().ShouldBe("things");

    [Fact]
    public async Task The_request_line_has_no_query_and_health_is_quiet()
    {
        await Host.GetAsync("/api/things/list?limit=1&q=hush", ("x-request-id", "quiet"));
        await Host.GetAsync("/health/live", ("x-request-id", "health"));
        Host.Log.Entries.Where(e => e.RequestId == "quiet" && e.Level >= LogLevel.Information).ShouldAllBe(e => !e.Message.Contains("hush"));
        Host.Log.Entries.ShouldContain(e => e.RequestId == "quiet" && e.Level == LogLevel.Information && e.Message.StartsWith("GET /api/things/list 200"));
        Host.Log.Entries.Where(e => e.RequestId == "health" && e.Category.StartsWith("Modular", StringComparison.Ordinal)).ShouldAllBe(e => e.Level == LogLevel.Debug);
    }

    [Fact]
    public async Task An_object_the_caller_has_is_304()
    {
        var first = await Host.GetAsync(Thing);
        var etag = first.Header("ETag").ShouldNotBeNull();
        etag.ShouldStartWith("\"3-");
        first.Header("Cache-Control").ShouldBe("no-cache, private");
        first.Header("Vary").ShouldBe("Cookie, Authorization");

        var again = await Host.GetAsync(Thing, ("If-None-Match", etag));
        again.Status.ShouldBe(304);
        again.Body.ShouldBeEmpty();
        again.Header("ETag").ShouldBe(etag);
        (await Host.GetAsync(Thing, ("If-None-Match", "\"3-other\""))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("\"3-whatever\"", 204)]
    [InlineData("*", 204)]
    [InlineData(null, 204)]
    [InlineData("\"2-whatever\"", 412)]
    [InlineData("rubbish", 412)]
    public async Task An_edit_of_another_version_is_412(string? ifMatch, int status)
    {
        var answer = await Host.SendAsync("PATCH", Thing, body: null, ifMatch is null ? [] : [("If-Match", ifMatch)]);
        answer.Status.ShouldBe(status);
        if (status == 412)
            answer.ShouldBeProblem(412, "stale");
    }
}
