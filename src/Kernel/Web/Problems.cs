using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Modular.Kernel.Documents;

namespace Modular.Kernel.Web;

/// <summary>Writes the one problem shape of the wire.</summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>What an answer that failed half-way may have said of the object it no longer carries.</summary>
    private static readonly string[] OfTheLostAnswer =
        [HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.Location, HeaderNames.Vary];

    public static Task WriteAsync(HttpContext http, int status, string type, string detail, IReadOnlyDictionary<string, string[]>? fields = null) =>
        WriteAsync(http, Of(http, status, type, detail, fields));

    internal static Task WriteAsync(HttpContext http, Problem problem)
    {
        foreach (var name in OfTheLostAnswer)
            http.Response.Headers.Remove(name);
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = ContentType;
        http.Response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable && http.Response.Headers.RetryAfter.Count == 0)
            http.Response.Headers.RetryAfter = "2";
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, problem.GetType(), ModularJson.Options);
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    internal static Problem Of(HttpContext http, int status, string type, string detail, IReadOnlyDictionary<string, string[]>? fields = null) =>
        new($"urn:modular:{type}", ReasonPhrases.GetReasonPhrase(status), status, detail,
            fields is null ? [detail] : [.. fields.SelectMany(f => f.Value)], http.TraceIdentifier)
        { Fields = fields };
}
