using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;

namespace Modular.Rooms.Roles;

internal static class GiveRole
{
    internal sealed record Request(GivenRole? Role);

    internal sealed record Response(Guid UserId, RoomRole Role);

    /// <summary>What a host can make of somebody who has entered.</summary>
    internal enum GivenRole
    {
        Member = RoomRole.Member,
        Speaker = RoomRole.Speaker,
        Moderator = RoomRole.Moderator,
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/{idOrCode}/members/{userId:guid}/role", Handle).WithName("GiveRole").WithSummary("Say what somebody is in a room").RequireAuthorization();

    private static async Task<Results<Ok<Response>, Refused>> Handle(
        string idOrCode, Guid userId, Request request, HttpContext http, IDocumentSession session, CancellationToken ct)
    {
        if (request.Role is not { } given)
            return Refused.Input("role-required", "role", "Role is required");
        if (await session.FindRoomAsync(idOrCode, ct) is not { } room)
            return RoomRefusals.NotFound;
        if (!(await session.RoleInAsync(room, Caller.From(http.User), ct)).MayConduct())
            return RoomRefusals.NotHost;
        if (room.HostId == userId)
            return Refused.Conflict("host-stays", "The host stays the host. Open the host link as somebody else to hand the room over.");
        if (await session.LoadAsync<Member>(Member.IdOf(room.Id, userId), ct) is not { } member)
            return Refused.NotFound("member-not-found", "This person has not entered the room.");
        var role = (RoomRole)given;
        if (member.Role == role)
            return TypedResults.Ok(new Response(userId, role));
        session.Store(member with { Role = role, Announced = true });
        session.Expect(room);
        session.Append(RoomStream.Of(room.Id), new MemberRoleChanged(member.Id, userId, role));
        await session.SaveChangesAsync(ct);
        return TypedResults.Ok(new Response(userId, role));
    }
}
