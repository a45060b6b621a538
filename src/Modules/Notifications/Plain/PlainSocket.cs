using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Plain;

/// <summary><c>/ws</c>: a room's streams for clients that speak WebSocket and nothing else. They follow by coming.</summary>
internal static class PlainSocket
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.Use(Share);
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });     // pings are the pump's
        pipeline.Run(AnswerAsync);
        return routes.MapGet("/ws", pipeline.Build());
    }

    private static Task Share(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            http.Features.Set<IHttpUpgradeFeature>(new SharedUpgrade(upgrade, http.RequestServices.GetRequiredService<TimeProvider>()));
        return next(http);
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            http.Response.Headers.Connection = "Upgrade, keep-alive";     // RFC 9110 §7.8: the one needs the other
            await Problems.WriteAsync(http, StatusCodes.Status426UpgradeRequired, "upgrade-required", "This address speaks WebSocket. Connect with a WebSocket client.");
            return;
        }

        var caller = Caller.From(http.User);
        var (positions, refused) = await PositionsAsync(http);
        if (refused is not null)
        {
            await refused.ExecuteAsync(http);
            return;
        }

        var streams = http.RequestServices.GetRequiredService<IStreams>();
        var access = new List<(Position Position, StreamAccess Access)>();
        foreach (var position in positions)
            access.Add((position, await streams.AuthorizeAsync(position.Stream, caller, http.RequestAborted)));
        if (access.All(a => !a.Access.Allowed))
            await StreamRefusal.Of(access[0].Access, caller).ExecuteAsync(http);
        else
            await Door.EnterAsync(http, inside => ServeAsync(inside, [.. access.Where(a => a.Access.Allowed).Select(a => a.Position)], [.. access.Where(a => !a.Access.Allowed).Select(a => a.Position)]));
    }

    private static async Task<(IReadOnlyList<Position> Positions, Refused? Refused)> PositionsAsync(HttpContext http)
    {
        var room = http.Request.Query["room"].ToString() is { Length: > 0 } named ? named : null;
        if (!Position.TryParse(string.Join(',', http.Request.Query["after"].ToArray()), out var known))
            return ([], Refused.Input("after-invalid", "after", "Say where to go on as ?after=stream@number, or leave it out to begin at now."));
        var streams = new List<string>();
        foreach (var module in http.RequestServices.GetServices<IRoomStreams>())
            streams.AddRange(await module.OfAsync(room, http.RequestAborted));
        return streams is []
            ? ([], Refused.NotFound("room-not-found", "There is no room with this code. Check it and try again."))
            : ([.. streams.Select(name => known.LastOrDefault(p => p.Stream == name) ?? new Position(name, null, null))], null);
    }

    private static async Task ServeAsync(HttpContext http, IReadOnlyList<Position> allowed, IReadOnlyList<Position> denied)
    {
        var services = http.RequestServices;
        using var wire = new PlainWire(
            http, (SharedUpgrade)http.Features.GetRequiredFeature<IHttpUpgradeFeature>(), services.GetRequiredService<PlainFormat>(), services.GetRequiredService<TimeProvider>());
        var sockets = services.GetRequiredService<OpenSockets>();
        var connection = sockets.Add(wire, Caller.From(http.User), http.Features.Get<Places.Place>());
        try
        {
            // The places in the streams come before the handshake: whoever sees the socket open misses nothing from then on.
            var following = services.GetRequiredService<Following>();
            var subscriptions = await following.StartAsync(connection, allowed, wire.Aborted);
            var signingIn = services.GetRequiredService<Rights>();
            await TalkAsync(http, wire, subscriptions, socket => new PlainClient(
                socket, connection, signingIn, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PlainClient>>(),
                signedIn: () => following.OpenAllowedAsync(connection, denied)));
        }
        finally
        {
            sockets.Remove(connection);
        }
    }

    private static async Task TalkAsync(HttpContext http, PlainWire wire, IReadOnlyList<Subscription> subscriptions, Func<WebSocket, PlainClient> clientOn)
    {
        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            foreach (var subscription in subscriptions)
                subscription.Open();
            if (await clientOn(socket).ListenAsync(wire.Ending) is { } said)
                await wire.CloseAsync(said.Code, said.Reason);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            wire.Abort();                                    // gone, or it spoke no WebSocket, or it did not say goodbye in time
        }
    }
}
