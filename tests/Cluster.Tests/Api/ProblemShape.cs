using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests.Api;

/// <summary>The one shape of every error.</summary>
internal static class ProblemShape
{
    public static IEnumerable<string> Complaints(Answer answer)
    {
        if (answer.Headers.GetValueOrDefault("Content-Type") != "application/problem+json")
        {
            yield return $"content type {answer.Headers.GetValueOrDefault("Content-Type")}";
            yield break;
        }

        var problem = answer.Json;
        foreach (var member in new[] { "type", "title", "detail", "requestId" })
            if (!problem.TryGetProperty(member, out var text) || text.ValueKind != JsonValueKind.String || text.GetString() == "")
                yield return $"no {member}";
        if (!problem.TryGetProperty("status", out var status) || status.GetInt32() != answer.Status)
            yield return "another status inside";
        if (!problem.TryGetProperty("type", out var type) || !type.GetString()!.StartsWith("urn:modular:", StringComparison.Ordinal))
            yield return "a type that is not ours";
        if (!problem.TryGetProperty("errors", out var errors) || errors.GetArrayLength() == 0 || errors.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            yield return "errors is not a flat array of sentences";
        if (!answer.Headers.TryGetValue("x-request-id", out var id) || id.Length == 0 || problem.GetProperty("requestId").GetString() != id)
            yield return "no x-request-id, or another one inside";
    }
}
