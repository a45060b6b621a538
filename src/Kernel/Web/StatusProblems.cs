using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web;

/// <summary>The problems of statuses that no endpoint has put into words.</summary>
internal static class StatusProblems
{
    public static Task WriteAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            var allowed = Verbs.Complete(http.Response.Headers.Allow.ToString());
            http.Response.Headers.Allow = allowed;
            if (HttpMethods.IsOptions(http.Request.Method))
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            return Problems.WriteAsync(http, status, "method-not-allowed", $"This address answers {allowed} only.");
        }

        var (type, detail) = Words(status);
        return Problems.WriteAsync(http, status, type, detail);
    }

    internal static (string Type, string Detail) Words(int status) => status switch
    {
        400 => ("bad-request", "The request cannot be understood."),
        401 => ("unauthenticated", "Sign in first."),
        403 => ("forbidden", "You may not do this."),
        404 => ("not-found", "There is nothing at this address."),
        408 => ("too-slow", "The request came too slowly. Send it again."),
        413 => ("too-large", "The request is too large."),
        415 => ("json-expected", "Send JSON, with the header Content-Type: application/json."),
        426 => ("upgrade-required", "This address speaks WebSocket only."),
        429 => ("too-many-requests", "Too many requests. Wait a moment."),
        431 => ("too-large", "The request's headers are too large."),
        503 => ("unavailable", "The service is not available right now. Try again in a moment."),
        >= 500 => ("internal", "Internal Server Error"),
        _ => ("refused", "The request was refused."),
    };
}

internal static class Verbs
{
    /// <summary>HEAD answers wherever GET does, OPTIONS everywhere.</summary>
    public static string Complete(string allow)
    {
        var verbs = allow.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (verbs.Contains("GET"))
            verbs.Add("HEAD");
        verbs.Add("OPTIONS");
        return string.Join(", ", verbs.Order(StringComparer.Ordinal));
    }
}
