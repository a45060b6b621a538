using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;

namespace Modular.Users.Sessions;

internal static class ListSessions
{
    /// <param name="SeenAt">To a day for a browser, which says once a day that it is there; to ten minutes for a program, which refreshes its token.</param>
    /// <param name="Device">What it called itself at sign-in, such as "Firefox on Android".</param>
    /// <param name="Current">The one that asks.</param>
    internal sealed record SessionView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset ExpiresAt, string Device, bool Current)
    {
        public static SessionView Of(Session session, Guid current) => new(
            session.Id, session.CreatedAt, session.UpdatedAt, session.ExpiresAt, session.Device ?? Sessions.Device.Unknown, session.Id == current);
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/me/sessions", Handle).WithName("ListSessions").WithSummary("Where I am signed in, newest first").RequireAuthorization();

    private static async Task<Results<Ok<Page<SessionView>>, Refused>> Handle(
        int? limit, string? after, HttpContext http, IDocumentSession work, TimeProvider clock, CancellationToken ct)
    {
        if (!PageLimit.TryRead(limit, out var size, out var wrong))
            return wrong;
        var from = Guid.AllBitsSet;
        if (after is not null && !Guid.TryParseExact(after, "N", out from))
            return Refused.Input("cursor-invalid", "after", "After is not a cursor of this list");
        var caller = Caller.From(http.User)!;
        var found = await work.QueryAsync<Session>(
            $"where user_id = {caller.UserId} and revoked_at is null and expires_at > {clock.GetUtcNow()} and id < {from} order by id desc limit {size + 1}", ct);
        var items = found.Take(size).Select(s => SessionView.Of(s, caller.SessionId)).ToList();
        return TypedResults.Ok(new Page<SessionView>(items, found.Count > size ? items[^1].Id.ToString("N") : null, Stream: null));
    }
}
