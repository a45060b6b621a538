using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Rooms.Roles;

namespace Modular.Rooms.Joining;

internal static class MyRooms
{
    private static readonly Guid BehindAll = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", Handle).WithName("MyRooms").WithSummary("Rooms I host or have entered, newest first").RequireAuthorization();

    private static async Task<Results<Ok<Page<RoomView>>, Refused>> Handle(
        int? limit, string? after, HttpContext http, IDocumentSession session, CancellationToken ct)
    {
        if (!PageLimit.TryRead(limit, out var size, out var wrong))
            return wrong;
        var from = BehindAll;
        if (after is not null && !Guid.TryParseExact(after, "N", out from))
            return Refused.Input("cursor-invalid", "after", "After is not a cursor of this list");
        var caller = Caller.From(http.User)!;
        var me = caller.UserId;
        var found = await session.QueryAsync<Room>(
            $"""
             where id < {from}
               and (host_id = {me} or id in (select (data ->> 'roomId')::uuid from rooms.member where (data ->> 'userId')::uuid = {me}))
             order by id desc limit {size + 1}
             """,
            ct);
        var members = (await session.QueryAsync<Member>($"where id = any({found.Select(r => Member.IdOf(r.Id, me)).ToArray()})", ct)).ToDictionary(m => m.RoomId);
        var items = found.Take(size)
            .Select(r => RoomView.Of(r, r.IsHostedBy(caller) ? RoomRole.Host : RoomRoles.Of(r, me, members.GetValueOrDefault(r.Id)))).ToList();
        return TypedResults.Ok(new Page<RoomView>(items, found.Count > size ? items[^1].Id.ToString("N") : null, Stream: null));
    }
}
