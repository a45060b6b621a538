using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sse;

/// <summary>Streams as server-sent events, for browsers without our client and for curl.</summary>
internal static class ServerSentEvents
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/sse", HandleAsync)
        .WithName("FollowStreams")
        .WithSummary("Follow streams as server-sent events")
        .WithDescription("Events are events, resync, closed and signal, their data as the hub has it. Every id is the whole position, such as questions/1@42~epoch,rooms/1@17~epoch; sent back as Last-Event-ID it goes on there.")
        .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
        .AllowAnonymous()
        .WithLongAnswer();

    private static async Task HandleAsync(HttpContext http, string[] stream, IStreams streams, CancellationToken ct)
    {
        var names = stream.Distinct(StringComparer.Ordinal).ToList();
        if (names.Count is 0 or > LiveConnection.MostSubscriptions)
            await Refused.Input("stream-required", "stream", $"Say what to follow: ?stream=module/name, 1 to {LiveConnection.MostSubscriptions} of them.").ExecuteAsync(http);
        else if (!Position.TryParse(http.Request.Headers["Last-Event-ID"].ToString(), out var known))
            await Refused.Input("after-invalid", "Last-Event-ID", "Last-Event-ID is not an id of this stream of events. Leave it out to begin at now.").ExecuteAsync(http);
        else if (await StreamRefusal.OfAnyAsync(streams, names, Caller.From(http.User), ct) is { } refusal)
            await refusal.ExecuteAsync(http);
        else
            await Door.EnterAsync(http, inside => ServeAsync(inside, [.. names.Select(name => known.LastOrDefault(p => p.Stream == name) ?? new Position(name, null, null))]), comesAgainOnlyIfCut: true);
    }

    private static async Task ServeAsync(HttpContext http, IReadOnlyList<Position> positions)
    {
        Prepare(http);
        if (http.AsksForHeadersOnly())
            return;
        var sockets = http.RequestServices.GetRequiredService<OpenSockets>();
        await using var wire = new SseWire(http, http.RequestServices.GetRequiredService<SseFormat>());
        var connection = sockets.Add(wire, Caller.From(http.User), http.Features.Get<Places.Place>());
        try
        {
            var subscriptions = await http.RequestServices.GetRequiredService<Following>().StartAsync(connection, positions, wire.Aborted);
            await wire.GreetAsync(subscriptions, positions);
            foreach (var subscription in subscriptions)
                subscription.Open();
            await wire.Ended.WaitAsync(wire.Aborted);
        }
        catch (OperationCanceledException) when (wire.Aborted.IsCancellationRequested)
        {
            // The client has left.
        }
        finally
        {
            sockets.Remove(connection);
        }
    }

    private static void Prepare(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";   // nginx would gather events
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Slow clients fall behind here, and are cut after 10 s without taking anything; Kestrel's own limit knows neither.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
