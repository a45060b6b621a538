using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web;

/// <summary>
/// HEAD answers wherever GET does: below this it is a GET. Kestrel remembers what was asked and keeps the body to itself,
/// with the Content-Length it would have had.
/// </summary>
public static class HeadRequests
{
    private static readonly object Key = new();

    /// <summary>For endpoints whose body does not end by itself: whether nobody will see it.</summary>
    public static bool AsksForHeadersOnly(this HttpContext http) => http.Items.ContainsKey(Key);

    internal static async Task Serve(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        http.Items[Key] = true;
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = HttpMethods.Head;
        }
    }
}
