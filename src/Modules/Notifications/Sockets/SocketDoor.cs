using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Modular.Kernel.Web;

namespace Modular.Notifications.Sockets;

/// <summary>What stands before the hub: a replica that leaves or is full says so before it upgrades.</summary>
internal static class SocketDoor
{
    public static TBuilder BehindDoor<TBuilder>(this TBuilder hub) where TBuilder : IEndpointConventionBuilder
    {
        hub.Add(endpoint =>
        {
            var inner = endpoint.RequestDelegate ?? throw new InvalidOperationException("The hub's endpoint has no handler.");
            endpoint.RequestDelegate = http => EnterAsync(http, inner);
        });
        return hub;
    }

    private static Task EnterAsync(HttpContext http, RequestDelegate hub)
    {
        var sockets = http.RequestServices.GetRequiredService<OpenSockets>();
        if (sockets.Leaving || http.RequestServices.GetService<GracefulStop>() is { IsDraining: true })
            return RefuseAsync(http, "leaving", "This server is shutting down. Connect again.", seconds: 1);
        if (sockets.Count >= http.RequestServices.GetRequiredService<IOptions<NotificationsSettings>>().Value.MostSockets)
            return RefuseAsync(http, "too-many-sockets", "This server has no room for more connections. Try again in a moment.", seconds: 5);

        // An id that was negotiated here or on another replica means nothing: every upgrade is a new connection. That
        // it is an upgrade cannot be asked yet, because the hub's own pipeline brings WebSockets in.
        if (http.Request.Query.ContainsKey("id"))
            http.Request.QueryString = QueryString.Create(http.Request.Query.Where(q => q.Key != "id"));
        return hub(http);
    }

    private static Task RefuseAsync(HttpContext http, string type, string sentence, int seconds)
    {
        http.RequestServices.GetRequiredService<Meters>().Refused(type);
        http.Response.Headers.RetryAfter = seconds.ToString();
        return Problems.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, type, sentence);
    }
}
