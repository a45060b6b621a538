using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Questions.Contracts;
using Modular.Questions.Rooms;
using Modular.Users.Contracts;

namespace Modular.Questions.Voting;

/// <summary>The count after the call. Others learn of it by <c>question.voted</c>, which joins what happens within a quarter second.</summary>
internal sealed record VoteView(int Votes, bool Voted);

internal static class VoteForQuestion
{
    private const int Tries = 3;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/{id:guid}/vote", Handle).WithName("VoteForQuestion").WithSummary("Vote for a question").AllowGuests().LimitedBy("vote");

    private static async Task<Results<Ok<VoteView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession session, RoomCopies rooms, IParticipants participants, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await session.LoadAsync<Question>(id, ct) is not { } question)
                return QuestionRefusals.NotFound;
            var room = await rooms.FindAsync(question.RoomId.ToString(), r => r.WhyNoVotes() is null, ct);
            if (WhyNot(question, room) is { } refused)
                return refused;
            var caller = await participants.EnsureAsync(http, clientId: null, ct);
            session.Insert(Vote.Of(id, caller.UserId));
            session.Increment<Question>(id, q => q.Votes, +1);
            session.Expect(room!);
            try
            {
                await session.SaveChangesAsync(ct);
                return TypedResults.Ok(new VoteView(question.Votes + 1, Voted: true));
            }
            catch (DocumentExistsException)
            {
                return TypedResults.Ok(new VoteView((await session.LoadAsync<Question>(id, ct))?.Votes ?? question.Votes, Voted: true));
            }
            catch (VersionConflictException) when (attempt < Tries)
            {
                rooms.Forget(room!);
            }
        }
    }

    internal static Refused? WhyNot(Question question, RoomCopy? room) => question.State switch
    {
        _ when room is null => QuestionRefusals.NoRoom,
        QuestionState.Live => room.WhyNoVotes(),
        QuestionState.Answered => Refused.Conflict("question-answered", "This question has been answered, so its votes stay as they are."),
        _ => QuestionRefusals.NotFound,
    };
}
