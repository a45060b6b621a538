using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;

namespace Modular.Kernel.Web;

/// <summary>
/// Says once that somebody forwards requests who is not in <c>Proxies:Known</c>. Everything seems to work then, but behind TLS that ends there cookies are
/// not <c>Secure</c>, and everybody shares the budget of one address. What known proxies say has been taken off the request before.
/// </summary>
internal sealed class UnbelievedProxy(ILogger logger)
{
    private int said;

    public Task Notice(HttpContext http, RequestDelegate next)
    {
        if (said == 0 && http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedProtoHeaderName) && Interlocked.Exchange(ref said, 1) == 0)
            logger.LogWarning(
                "A request from {Address} has X-Forwarded-Proto, which is not believed. If that is your proxy, add it to Proxies:Known: until then all people count as one address, and cookies are not Secure where it ends TLS",
                http.Connection.RemoteIpAddress);
        return next(http);
    }
}
