using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;

namespace Modular.Notifications.Sockets;

/// <summary>What stands before every long connection: a replica that leaves or is full says so before it begins one.</summary>
internal static class Door
{
    private const string Leaving = "leaving";

    /// <summary>Puts the hub's endpoints behind it.</summary>
    public static TBuilder BehindDoor<TBuilder>(this TBuilder hub) where TBuilder : IEndpointConventionBuilder
    {
        hub.Add(endpoint =>
        {
            var inner = endpoint.RequestDelegate ?? throw new InvalidOperationException("The hub's endpoint has no handler.");
            endpoint.RequestDelegate = http => EnterAsync(http, inner);
        });
        return hub;
    }

    /// <summary>Holds a place, as the feature <see cref="Places.Place"/>, for as long as <paramref name="inside"/> runs.</summary>
    /// <param name="comesAgainOnlyIfCut">The client never comes back after a refusal, whatever it says: a replica that leaves breaks the connection instead.</param>
    public static async Task EnterAsync(HttpContext http, RequestDelegate inside, bool comesAgainOnlyIfCut = false)
    {
        if (http.RequestServices.GetRequiredService<OpenSockets>().Leaving || http.RequestServices.GetService<GracefulStop>() is { IsDraining: true })
        {
            if (comesAgainOnlyIfCut)
                Break(http);
            else
                await RefuseAsync(http, Leaving, "This server is shutting down. Connect again.", seconds: 1);
            return;
        }

        using var place = http.RequestServices.GetRequiredService<Places>().Take(Caller.From(http.User)?.SessionId, ClientAddress.Of(http));
        if (place is null)
        {
            await RefuseAsync(http, "too-many-sockets", "This server has no room for more connections of yours. Close some, or try again in a moment.", seconds: 5);
            return;
        }

        http.Features.Set(place);
        // An id that was negotiated here or on another replica means nothing: every upgrade is a new connection. That
        // it is an upgrade cannot be asked yet, because the hub's own pipeline brings WebSockets in.
        if (http.Request.Query.ContainsKey("id"))
            http.Request.QueryString = QueryString.Create(http.Request.Query.Where(q => q.Key != "id"));
        await inside(http);
    }

    private static void Break(HttpContext http)
    {
        http.RequestServices.GetRequiredService<Meters>().Refused(Leaving);
        http.Abort();
    }

    private static Task RefuseAsync(HttpContext http, string type, string sentence, int seconds)
    {
        http.RequestServices.GetRequiredService<Meters>().Refused(type);
        http.Response.Headers.RetryAfter = seconds.ToString();
        return Problems.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, type, sentence);
    }
}
