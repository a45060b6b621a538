using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Rooms.Contracts;
using Modular.Rooms.Joining;
using Modular.Users.Contracts;

namespace Modular.Rooms.Roles;

/// <summary>Who has entered, for those who have to know whom to appoint.</summary>
internal static class ListMembers
{
    /// <param name="Name">As they are called now; null for somebody who has just been deleted.</param>
    internal sealed record MemberView(Guid UserId, string? Name, RoomRole Role, DateTimeOffset EnteredAt);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/{idOrCode}/members", Handle).WithName("ListMembers").WithSummary("Who has entered a room, in that order").RequireAuthorization();

    private static async Task<Results<Ok<Page<MemberView>>, Refused>> Handle(
        string idOrCode, int? limit, string? after, HttpContext http, IDocumentSession session, IPeople people, CancellationToken ct)
    {
        if (!PageLimit.TryRead(limit, out var size, out var wrong))
            return wrong;
        if (!TryRead(after, out var at, out var last))
            return Refused.Input("cursor-invalid", "after", "After is not a cursor of this list");
        if (await session.FindRoomAsync(idOrCode, ct) is not { } room)
            return RoomRefusals.NotFound;
        if (!(await session.RoleInAsync(room, Caller.From(http.User), ct)).MayModerate())
            return RoomRefusals.NotModerator;
        var found = await session.QueryAsync<Member>(
            $"where room_id = {room.Id} and (created_at, id) > ({at}, {last}) order by created_at, id limit {size + 1}", ct);
        Member[] shown = [.. found.Take(size)];
        var names = await people.NamesAsync([.. shown.Select(m => m.UserId)], ct);
        var items = shown.Select(m => new MemberView(m.UserId, names.GetValueOrDefault(m.UserId), RoomRoles.Of(room, m.UserId, m), m.CreatedAt));
        return TypedResults.Ok(new Page<MemberView>([.. items], found.Count > size ? Cursor(shown[^1]) : null, Stream: null));
    }

    private static string Cursor(Member last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}-{last.Id:N}");

    private static bool TryRead(string? cursor, out DateTimeOffset at, out Guid last)
    {
        (at, last) = (DateTimeOffset.UnixEpoch, Guid.Empty);
        if (cursor is null)
            return true;
        if (cursor.Split('-') is not [var ticks, var id] || !Guid.TryParseExact(id, "N", out last)
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var instant) || instant > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        at = new DateTimeOffset(instant, TimeSpan.Zero);
        return true;
    }
}
