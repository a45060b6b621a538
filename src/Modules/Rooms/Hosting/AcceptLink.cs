using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Users.Contracts;

namespace Modular.Rooms.Hosting;

internal static class AcceptLink
{
    /// <param name="Token">Of a host link, or the whole link.</param>
    internal sealed record Request(string? Token);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/links/accept", Handle).WithName("AcceptRoomLink").WithSummary("Become the host by the host link").AllowGuests();

    private static async Task<Results<Ok<RoomView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession session, IParticipants participants, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Token))
            return Refused.Input("token-required", "token", "Token is required");
        var hash = HostLink.HashOf(HostLink.TokenIn(request.Token));
        if (await session.QueryAsync<Room>($"where host_link_hash = {hash}", ct) is not [var room])
            return Refused.NotFound("link-unknown", "This link is not valid. Ask for a new one.");
        var caller = await participants.EnsureAsync(http, clientId: null, ct);
        if (room.HostId == caller.UserId)
            return TypedResults.Ok(RoomView.Of(room, RoomRole.Host));
        var hosted = session.Store(room with { HostId = caller.UserId });
        // Of hosts the log names the present one only: one who has gone on cannot be found in it later, to be redacted.
        session.Redact(RoomStream.Of(room.Id), room.Id);
        session.Append(RoomStream.Of(room.Id), hosted.As<RoomUpdated>());
        await session.SaveChangesAsync(ct);
        return TypedResults.Ok(RoomView.Of(hosted, RoomRole.Host));
    }
}
