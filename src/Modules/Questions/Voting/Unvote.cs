using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Questions.Rooms;

namespace Modular.Questions.Voting;

internal static class Unvote
{
    private const int Tries = 3;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/{id:guid}/vote", Handle).WithName("Unvote").WithSummary("Take my vote back").AllowAnonymous().LimitedBy("vote");

    private static async Task<Results<Ok<VoteView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession session, RoomCopies rooms, CancellationToken ct)
    {
        var caller = Caller.From(http.User);
        for (var attempt = 1; ; attempt++)
        {
            if (await session.LoadAsync<Question>(id, ct) is not { } question)
                return QuestionRefusals.NotFound;
            var room = await rooms.FindAsync(question.RoomId.ToString(), r => r.WhyNoVotes() is null, ct);
            if (VoteForQuestion.WhyNot(question, room) is { } refused)
                return refused;
            if (caller is null || await session.LoadAsync<Vote>(Vote.IdOf(id, caller.UserId), ct) is not { } vote)
                return TypedResults.Ok(new VoteView(question.Votes, Voted: false));
            session.Delete(vote);
            session.Increment<Question>(id, q => q.Votes, -1);
            session.Expect(room!);
            try
            {
                await session.SaveChangesAsync(ct);
                return TypedResults.Ok(new VoteView(question.Votes - 1, Voted: false));
            }
            catch (VersionConflictException) when (attempt < Tries)
            {
                rooms.Forget(room!);
            }
        }
    }
}
