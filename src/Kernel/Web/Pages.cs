using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Modular.Kernel.Web;

/// <summary>The browser app: files of the web root, and its one page at every address the app knows.</summary>
internal static class Pages
{
    private const string NotBuilt = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Modular</title>
        <h1>Modular is running</h1><p>The web app has not been built into this host. The <a href="/docs">API</a> works.</p></html>
        """;

    /// <summary>The lobby, a room, and the pages about one's account. Links in mails lead to some of them, their secret behind a #: no server, log or referrer sees it.</summary>
    private static readonly string[] Addresses = ["/", "/r/{code}", "/me", "/sign-in", "/register", "/verify", "/reset", "/setup", "/admin/people"];

    /// <summary>Names under <c>/assets</c> carry a hash of their content, so they never change; all else is asked for again each time.</summary>
    public static StaticFileOptions Files { get; } = new()
    {
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
            file.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var address in Addresses)
            routes.MapGet(address, Show).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Show(HttpContext http, IWebHostEnvironment environment)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var page = environment.WebRootFileProvider.GetFileInfo("index.html");
        return page.Exists
            ? TypedResults.PhysicalFile(page.PhysicalPath!, "text/html; charset=utf-8", lastModified: page.LastModified)
            : TypedResults.Content(NotBuilt, "text/html; charset=utf-8");
    }
}
