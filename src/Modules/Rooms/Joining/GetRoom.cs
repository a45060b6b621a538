using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Roles;

namespace Modular.Rooms.Joining;

internal static class GetRoom
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/{idOrCode}", Handle).WithName("GetRoom").WithSummary("A room by its id or code").AllowAnonymous();

    private static async Task<Results<Versioned<RoomView>, Refused>> Handle(string idOrCode, HttpContext http, IDocumentSession session, CancellationToken ct) =>
        await session.FindRoomAsync(idOrCode, ct) is { } room
            ? Versioned.Of(room.Version, RoomView.Of(room, await session.RoleInAsync(room, Caller.From(http.User), ct)))
            : RoomRefusals.NotFound;
}
