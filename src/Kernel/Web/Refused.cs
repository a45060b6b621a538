using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Modular.Kernel.Web.Limits;

namespace Modular.Kernel.Web;

/// <summary>
/// An endpoint's "no", written as the one problem shape. <see cref="Type"/> is stable (clients decide by it) and
/// listed in docs/wire.md; sentences tell the user what to do and nothing about our inside.
/// </summary>
public sealed class Refused : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    private Refused(int status, string type, string detail, IReadOnlyDictionary<string, string[]>? fields = null) =>
        (Status, Type, Detail, Fields) = (status, type, detail, fields);

    public int Status { get; }

    public string Type { get; }

    public string Detail { get; }

    /// <summary>Sentences by field in camelCase; only for input errors.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; }

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>400: <paramref name="field"/> is missing or wrong.</summary>
    public static Refused Input(string type, string field, string sentence) =>
        new(StatusCodes.Status400BadRequest, type, sentence, new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] });

    public static Refused BadRequest(string type, string sentence) => new(StatusCodes.Status400BadRequest, type, sentence);

    public static Refused Unauthorized(string type, string sentence) => new(StatusCodes.Status401Unauthorized, type, sentence);

    public static Refused Forbidden(string type, string sentence) => new(StatusCodes.Status403Forbidden, type, sentence);

    public static Refused NotFound(string type, string sentence) => new(StatusCodes.Status404NotFound, type, sentence);

    public static Refused Conflict(string type, string sentence) => new(StatusCodes.Status409Conflict, type, sentence);

    public static Refused Stale(string sentence) => new(StatusCodes.Status412PreconditionFailed, "stale", sentence);

    public static Refused TooMany(string type, string sentence, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, type, sentence) { RetryAfter = retryAfter };

    /// <summary>503: not now; nothing was done.</summary>
    public static Refused Unavailable(string type, string sentence) => new(StatusCodes.Status503ServiceUnavailable, type, sentence);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, RateLimitHeaders.Seconds(wait)).ToString();
        return Problems.WriteAsync(httpContext, Status, Type, Detail, Fields);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
    }
}
