using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Tests.Web;

public sealed class ProblemTests(RunningHost running) : IClassFixture<RunningHost>
{
    private TestHost Host => running.Host;

    [Theory]
    [InlineData("/api/things/nothing/here")]
    [InlineData("/api/nosuchmodule")]
    [InlineData("/api")]
    [InlineData("/elsewhere")]
    [InlineData("/api/things/numbers/many")]
    [InlineData("/openapi/v9.json")]
    public async Task An_unknown_path_is_404(string path) => (await Host.GetAsync(path)).ShouldBeProblem(404, "not-found");

    [Theory]
    [InlineData("DELETE", "/api/things/list", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/api/things/small", "OPTIONS, POST")]
    [InlineData("PUT", "/api/things/00000000-0000-0000-0000-000000000001", "GET, HEAD, OPTIONS, PATCH")]
    [InlineData("POST", "/health/live", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/version", "GET, HEAD, OPTIONS")]
    [InlineData("BREW", "/api/things/list", "GET, HEAD, OPTIONS")]
    public async Task Another_verb_is_405_and_says_which(string verb, string path, string allow)
    {
        var answer = await Host.SendAsync(verb, path, body: null);
        answer.ShouldBeProblem(405, "method-not-allowed");
        answer.Header("Allow").ShouldBe(allow);
    }

    [Fact]
    public async Task OPTIONS_tells_the_verbs()
    {
        var answer = await Host.SendAsync("OPTIONS", "/api/things/list", body: null);
        answer.Status.ShouldBe(204);
        answer.Header("Allow").ShouldBe("GET, HEAD, OPTIONS");
    }

    [Fact]
    public async Task Without_credentials_it_is_401_and_without_the_right_403()
    {
        (await Host.GetAsync("/api/things/mine")).ShouldBeProblem(401, "unauthenticated");
        (await Host.GetAsync("/api/things/admins", ("Authorization", "Bearer ann"))).ShouldBeProblem(403, "forbidden");
        (await Host.GetAsync("/api/things/mine", ("Authorization", "Bearer ann"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("conflict", 409, "version-conflict")]
    [InlineData("exists", 409, "exists")]
    [InlineData("away", 503, "unavailable")]
    [InlineData("postgres", 503, "unavailable")]
    [InlineData("unknown", 503, "outcome-unknown")]
    [InlineData("statement", 500, "internal")]
    [InlineData("crash", 500, "internal")]
    public async Task What_a_slice_does_not_catch_becomes_a_problem_and_tells_nothing_of_the_inside(string how, int status, string type)
    {
        var answer = await Host.GetAsync($"/api/things/fails/{how}");
        answer.ShouldBeProblem(status, type);
        answer.Body.ShouldNotContain("secret");
        answer.Header("Retry-After").ShouldBe(status == 503 ? "2" : null);
        answer.Header("Cache-Control").ShouldBe("no-store");
    }

    [Fact]
    public async Task An_unknown_outcome_says_how_to_go_on() =>
        (await Host.GetAsync("/api/things/fails/unknown")).Errors().ShouldBe("It may have been saved; send again with the same clientId.");

    [Fact]
    public async Task A_crash_is_Internal_Server_Error_outside_and_has_its_cause_in_the_log()
    {
        var answer = await Host.GetAsync("/api/things/fails/crash", ("x-request-id", "the-crash"));
        answer.Errors().ShouldBe("Internal Server Error");
        var entry = Host.Log.Entries.Single(e => e.Level == LogLevel.Error && e.RequestId == "the-crash");
        entry.Error.ShouldNotBeNull().Message.ShouldBe("secret password");
    }

    [Fact]
    public async Task A_crash_touches_nothing_else()
    {
        var many = Enumerable.Range(0, 100).Select(i => Host.GetAsync(i % 2 == 0 ? "/api/things/fails/crash" : "/api/things/list?limit=5"));
        var answers = await Task.WhenAll(many);
        answers.Count(a => a.Status == 500).ShouldBe(50);
        answers.Count(a => a.Status == 200).ShouldBe(50);
    }

    [Fact]
    public async Task A_crash_after_the_answer_began_cuts_the_connection_instead_of_ending_it_well() =>
        await Should.ThrowAsync<HttpRequestException>(() => Host.GetAsync("/api/things/half"));
}
