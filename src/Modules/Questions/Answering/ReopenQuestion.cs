using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Questions.Contracts;
using Modular.Questions.Rooms;
using Modular.Questions.Voting;

namespace Modular.Questions.Answering;

internal static class ReopenQuestion
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{id:guid}/reopen", Handle).WithName("ReopenQuestion").WithSummary("Make an answered question live again").RequireAuthorization();

    private static async Task<Results<Ok<QuestionView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession session, RoomCopies rooms, CancellationToken ct)
    {
        var caller = Caller.From(http.User);
        if (await session.LoadAsync<Question>(id, ct) is not { } question)
            return QuestionRefusals.NotFound;
        if (!await rooms.MayModerateAsync(question.RoomId, caller, ct))
            return QuestionRefusals.NotModerator;
        if (question.Reopened() is not { } reopened)
            return Refused.Conflict("question-not-answered", "Only an answered question can be reopened.");
        var stored = session.Store(reopened);
        session.Append(QuestionStream.Of(stored.RoomId), stored.As<QuestionReopened>());
        session.TellVotesAgain(stored.Id);
        await session.SaveChangesAsync(ct);
        return TypedResults.Ok(await session.ViewAsync(stored, caller, ct));
    }
}
