using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web;

/// <summary>Says in words, field by field, why a request could not be bound to an endpoint's parameters.</summary>
internal static partial class InputProblems
{
    public static ExceptionProblems Explain(BadHttpRequestException bad, HttpContext http) =>
        bad.InnerException is JsonException json ? OfJson(json, http) : OfParameter(bad.Message, http);

    public static ExceptionProblems Unreadable(JsonException json) =>
        new(400, "invalid-json", json.LineNumber is { } line
            ? $"This is not valid JSON (line {line + 1}, position {json.BytePositionInLine + 1})."
            : "This is not valid JSON.");

    public static ExceptionProblems InvalidText(string? field)
    {
        const string What = "holds characters that cannot be stored (NUL or half of a surrogate pair)";
        return field is null
            ? new(400, "invalid-text", $"The request {What}.")
            : Input("invalid-text", new(StringComparer.Ordinal) { [field] = [$"{FieldWords.Sentence(field)} {What}"] });
    }

    private static ExceptionProblems OfJson(JsonException json, HttpContext http)
    {
        if (http.Features.Get<SentJson>() is not { } sent
            || http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type)
            return Unreadable(json);
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var document = JsonDocument.Parse(sent.Utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return new(400, "invalid-input", "Send a JSON object.");
        var faults = JsonFaults.Find(document.RootElement, options.GetTypeInfo(type)).ToArray();
        if (faults is [])
            return new(400, "invalid-input", "The JSON does not have the expected shape.");
        var fields = faults.GroupBy(f => f.Field, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray(), StringComparer.Ordinal);
        return Input(faults is [{ Missing: true } only] ? FieldWords.RequiredType(only.Field) : "invalid-input", fields);
    }

    /// <summary>ASP.NET Core tells which parameter did not bind in the message only; tests hold its forms.</summary>
    private static ExceptionProblems OfParameter(string message, HttpContext http)
    {
        if (message.Contains("from body", StringComparison.Ordinal) || message.StartsWith("Implicit body inferred", StringComparison.Ordinal))
            return new(400, "request-body-required", "Send a JSON object as the body of the request.");
        if (Parameter().Match(message) is not { Success: true } match)
            return new(400, "bad-request", "The request cannot be understood.");
        var (type, name) = (match.Groups["type"].Value, match.Groups["name"].Value);
        if (type.TrimEnd('?') == nameof(Caller))
            return new(401, "unauthenticated", "Sign in first.");
        if (http.Request.RouteValues.ContainsKey(name))
            return new(404, "not-found", "There is nothing at this address.");
        return match.Groups["missing"].Success
            ? Input(FieldWords.RequiredType(name), new(StringComparer.Ordinal) { [name] = [$"{FieldWords.Sentence(name)} is required"] })
            : Input("invalid-input", new(StringComparer.Ordinal) { [name] = [$"{FieldWords.Sentence(name)} is not {JsonFaults.Expected(type)}"] });
    }

    private static ExceptionProblems Input(string type, Dictionary<string, string[]> fields) =>
        new(400, type, fields.First().Value[0], fields);

    [GeneratedRegex("""^(?<missing>Required)?.*?parameter "(?<type>.+) (?<name>\w+)" """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
