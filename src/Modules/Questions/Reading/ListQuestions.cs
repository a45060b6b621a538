using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Questions.Contracts;
using Modular.Questions.Rooms;

namespace Modular.Questions.Reading;

internal static class ListQuestions
{
    private const int LongestSearch = 200;

    /// <param name="Room">Id or code; the lobby where absent.</param>
    /// <param name="Sort">top, newest, oldest or body; top where absent.</param>
    /// <param name="State">live, pending, answered or archived; live where absent.</param>
    internal sealed record Query(
        [FromQuery(Name = "room")] string? Room,
        [FromQuery(Name = "sort")] string? Sort,
        [FromQuery(Name = "state")] string? State,
        [FromQuery(Name = "search")] string? Search,
        [FromQuery(Name = "label")] string? Label,
        [FromQuery(Name = "limit")] int? Limit,
        [FromQuery(Name = "after")] string? After);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", Handle).WithName("ListQuestions").WithSummary("Questions of a room, page by page").AllowAnonymous();

    private static async Task<Results<Ok<Page<QuestionView>>, Refused>> Handle(
        [AsParameters] Query query, HttpContext http, IDocumentSession session, RoomCopies rooms, TimeProvider clock, CancellationToken ct)
    {
        if (!PageLimit.TryRead(query.Limit, out var limit, out var wrongLimit))
            return wrongLimit;
        if (!TryRead(query.Sort, QuestionOrder.Top, out var order))
            return Refused.Input("sort-unknown", "sort", "Sort must be top, newest, oldest or body");
        if (!TryRead(query.State, QuestionState.Live, out var state))
            return Refused.Input("state-unknown", "state", "State must be live, pending, answered or archived");
        if (query.Search is { Length: > LongestSearch } || query.Label is { Length: > LongestSearch })
            return Refused.Input("search-too-long", "search", $"Search and label may have {LongestSearch} characters");
        var after = query.After is null ? null : Cursor.Read(query.After, order);
        if (query.After is not null && after is null)
            return Refused.Input("cursor-invalid", "after", "After is not a cursor of this list");

        var viewer = Caller.From(http.User);
        if (await rooms.FindAsync(query.Room, ct) is not { } room)
            return QuestionRefusals.NoRoom;
        if (state is QuestionState.Pending or QuestionState.Archived && !await rooms.MayModerateAsync(room.Id, viewer, ct))
            return viewer is null ? Refused.Unauthorized("unauthenticated", "Sign in first.") : QuestionRefusals.NotModerator;

        var filter = new QuestionFilter(room.Id, state, query.Search?.Trim() ?? "", query.Label?.Trim() ?? "");
        var page = (order, after) switch
        {
            (QuestionOrder.Top, null) => await TopPages.FirstAsync(session, filter, limit, clock.GetUtcNow(), ct),
            (QuestionOrder.Top, _) => await TopPages.NextAsync(session, filter, after, limit, clock.GetUtcNow(), ct),
            _ => await QuestionPages.ReadAsync(session, filter, order, after, limit, ct),
        };
        return page is null
            ? Refused.BadRequest("cursor-expired", "This list was kept for ten minutes. Load it from the start.")
            : TypedResults.Ok(new Page<QuestionView>(await session.ViewAsync(page.Items, viewer, ct), page.Next?.ToString(), page.Stream));
    }

    /// <summary>Words only: enums would read numbers too.</summary>
    private static bool TryRead<T>(string? word, T usual, out T read) where T : struct, Enum
    {
        read = usual;
        return word is null || (Enum.GetNames<T>().Contains(word, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(word, ignoreCase: true, out read));
    }
}
