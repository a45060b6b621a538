using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;

namespace Modular.Rooms.States;

/// <summary>Three buttons of one switch. Pressing the one that is down changes nothing and says so to nobody.</summary>
internal static class ChangeRoomState
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        Button<RoomOpened>("open", RoomState.Open, "OpenRoom", "Open a room, again if need be");
        Button<RoomPaused>("pause", RoomState.Paused, "PauseRoom", "Take nothing new for a while");
        Button<RoomClosed>("close", RoomState.Closed, "CloseRoom", "End the event; the room stays readable");

        void Button<TEvent>(string path, RoomState state, string name, string summary) where TEvent : RoomEvent, new() =>
            routes.MapPost($"/{{idOrCode}}/{path}",
                (string idOrCode, HttpContext http, IDocumentSession session, CancellationToken ct) => Handle<TEvent>(idOrCode, state, http, session, ct))
                .WithName(name).WithSummary(summary).RequireAuthorization();
    }

    /// <summary>A closed room is opened before it is paused: pausing promises that it goes on.</summary>
    internal static bool MayGo(RoomState from, RoomState to) => (from, to) is not (RoomState.Closed, RoomState.Paused);

    private static async Task<Results<Ok<RoomView>, Refused>> Handle<TEvent>(
        string idOrCode, RoomState state, HttpContext http, IDocumentSession session, CancellationToken ct) where TEvent : RoomEvent, new()
    {
        if (await session.FindRoomAsync(idOrCode, ct) is not { } room)
            return RoomRefusals.NotFound;
        if (!room.IsHostedBy(Caller.From(http.User)!))
            return RoomRefusals.NotHost;
        if (!MayGo(room.State, state))
            return Refused.Conflict("room-closed", "This room is closed. Open it first.");
        if (room.State == state)
            return TypedResults.Ok(RoomView.Of(room, RoomRole.Host));
        var changed = session.Store(room with { State = state });
        session.Append(RoomStream.Of(room.Id), changed.As<TEvent>());
        await session.SaveChangesAsync(ct);
        return TypedResults.Ok(RoomView.Of(changed, RoomRole.Host));
    }
}
