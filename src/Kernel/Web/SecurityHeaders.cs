using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web;

/// <summary>On every answer. The page's own scripts, styles and sockets and nothing else; nobody may frame it.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>Swagger UI sets styles in its markup; its scripts are files.</summary>
    private const string DocsPolicy = Policy + "; style-src 'self' 'unsafe-inline'";

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase) ? DocsPolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (http.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(http);
    }
}
