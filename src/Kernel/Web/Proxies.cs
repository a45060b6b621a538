using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Modular.Kernel.Web;

internal static class Proxies
{
    /// <summary>Believes X-Forwarded-For, -Proto and -Host of the configured proxies, and of nobody where none is.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var known = app.Services.GetRequiredService<IOptions<ProxySettings>>().Value.Known;
        if (known.Length > 0)
            app.UseForwardedHeaders(Of(known));
        app.Use(new UnbelievedProxy(app.Logger).Notice);
    }

    private static ForwardedHeadersOptions Of(IEnumerable<string> known)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in known)
            options.KnownIPNetworks.Add(WebSettings.Network(network)!.Value);
        return options;
    }

    /// <summary>Lets the pages of <c>Cors:Origins</c> call, never with credentials.</summary>
    public static void UseConfiguredCors(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CorsSettings>>().Value.Origins;
        if (origins.Length > 0)
            app.UseCors(policy => policy.WithOrigins([.. origins.Select(o => o.TrimEnd('/'))]).AllowAnyMethod().AllowAnyHeader()
                .WithExposedHeaders("ETag", "Location", "Retry-After", "x-request-id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
                .SetPreflightMaxAge(TimeSpan.FromHours(1)));
    }
}
