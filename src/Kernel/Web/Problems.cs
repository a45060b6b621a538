using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web;

/// <summary>Writes the one problem shape of the wire.</summary>
public static class Problems
{
    public static Task WriteAsync(HttpContext http, int status, string type, string detail, IReadOnlyDictionary<string, string[]>? fields = null)
    {
        http.Response.StatusCode = status;
        var errors = fields is null ? [detail] : fields.SelectMany(f => f.Value).ToArray();
        return http.Response.WriteAsJsonAsync(
            new { type = $"urn:modular:{type}", title = type, status, detail, errors, fields, requestId = http.TraceIdentifier },
            options: null, contentType: "application/problem+json", http.RequestAborted);
    }
}
