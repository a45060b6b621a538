using System.Text.Json;
using Modular.Cluster.Tests.Clients;

namespace Modular.Cluster.Tests;

[Collection<OneHost>]
public sealed class NoTelemetryTests(OneHost one)
{
    [Fact]
    public async Task Without_an_endpoint_log_lines_have_no_trace_ids()
    {
        var answer = (await Lobby.AskAsync(one.Address, "Quiet?", "quiet")).Must(201);

        var line = await Testing.Eventually.Returns<object>("the line of the request", () => Task.FromResult<object?>(
            Lines().Cast<JsonElement?>().FirstOrDefault(l => l!.Value.TryGetProperty("requestId", out var id) && id.ValueEquals(answer.Headers["x-request-id"]))));
        ((JsonElement)line).TryGetProperty("traceId", out _).ShouldBeFalse();
    }

    private IEnumerable<JsonElement> Lines() =>
        one.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => JsonElement.Parse(l));
}
