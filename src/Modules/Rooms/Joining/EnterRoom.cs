using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Users.Contracts;

namespace Modular.Rooms.Joining;

/// <summary>Puts the room among mine. A closed one may be entered too: it stays readable.</summary>
internal static class EnterRoom
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{idOrCode}/enter", Handle).WithName("EnterRoom").WithSummary("Enter a room by its code").AllowGuests();

    private static async Task<Results<Ok<RoomView>, Refused>> Handle(
        string idOrCode, HttpContext http, IDocumentSession session, IParticipants participants, CancellationToken ct)
    {
        if (await session.FindRoomAsync(idOrCode, ct) is not { } room)
            return RoomRefusals.NotFound;
        var caller = await participants.EnsureAsync(http, clientId: null, ct);
        var member = await session.LoadAsync<Member>(Member.IdOf(room.Id, caller.UserId), ct);
        if (member is null)
            await JoinAsync(member = Member.Of(room.Id, caller.UserId));
        return TypedResults.Ok(RoomView.Of(room, room.IsHostedBy(caller) ? RoomRole.Host : member.Role));

        async Task JoinAsync(Member joining)
        {
            session.Insert(joining);
            try
            {
                await session.SaveChangesAsync(ct);
            }
            catch (DocumentExistsException)
            {
                // The same person entered twice at once: they are in, which is all that was asked.
            }
        }
    }
}
