using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications;

/// <summary>Catching up over HTTP: a page of a stream's log.</summary>
internal static class ReadStream
{
    private const int MostEvents = 1_000;

    /// <param name="Complete">It speaks of the start: false when the log no longer reaches back to <c>after</c> or is of another epoch; take a snapshot.</param>
    internal sealed record Response(string Stream, string Epoch, long Head, bool Complete, RawEvents Events);

    internal static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/streams/{**name}", HandleAsync)
        .WithName("ReadStream")
        .WithSummary("Read a page of a stream")
        .WithDescription("Events after a number, oldest first. Page on until the last seq is the head.")
        .AllowAnonymous();

    private static async Task<Results<Ok<Response>, Refused>> HandleAsync(
        string name, string? after, string? epoch, string? limit, HttpContext http, IStreams streams, CancellationToken ct)
    {
        if (!long.TryParse(after ?? "0", out var last) || last < 0)
            return Refused.Input("after-invalid", "after", "The number to go on after is 0 or more.");
        if (!int.TryParse(limit ?? "300", out var most) || most is < 1 or > MostEvents)
            return Refused.Input("limit-invalid", "limit", $"The limit is 1 to {MostEvents}.");
        if (await StreamRefusal.OfAnyAsync(streams, [name], Caller.From(http.User), ct) is { } refusal)
            return refusal;
        var page = await streams.ReadAsync(name, last, most, ct);
        var complete = page.ReachesBackTo(last) && (epoch is null || string.Equals(epoch, page.Epoch, StringComparison.Ordinal));
        return TypedResults.Ok(new Response(name, page.Epoch, page.Head, complete, new RawEvents([.. page.Events.Select(e => Entry.Of(e).Json)])));
    }
}
