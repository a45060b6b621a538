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

internal static class AnswerQuestion
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{id:guid}/answer", Handle).WithName("AnswerQuestion").WithSummary("Mark a question as answered").RequireAuthorization();

    private static async Task<Results<Ok<QuestionView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession session, RoomCopies rooms, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.From(http.User);
        if (await session.LoadAsync<Question>(id, ct) is not { } question)
            return QuestionRefusals.NotFound;
        if (!await rooms.MayModerateAsync(question.RoomId, caller, ct))
            return QuestionRefusals.NotModerator;
        if (question.Answered(clock.GetUtcNow()) is not { } answered)
            return Refused.Conflict("question-not-live", "Only a live question can be marked as answered.");
        var stored = session.Store(answered);
        session.Append(QuestionStream.Of(stored.RoomId), stored.As<QuestionAnswered>());
        session.TellVotesAgain(stored.Id);
        await session.SaveChangesAsync(ct);
        return TypedResults.Ok(await session.ViewAsync(stored, caller, ct));
    }
}
