using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Questions.Contracts;
using Modular.Questions.Rooms;
using Modular.Questions.Voting;
using Modular.Users.Contracts;

namespace Modular.Questions.Asking;

/// <summary>The busiest write: it reads nothing from the database where the room is known and the commit finds it unchanged.</summary>
internal static class AskQuestion
{
    private const int Tries = 3;
    private const int LongestClientId = 100;

    /// <param name="Room">Id or code; the lobby where absent.</param>
    /// <param name="ClientId">Made by the client, random: sent again, it yields the question it made first.</param>
    internal sealed record Request(string? Body, string? Room, bool? Anonymous, string? ClientId);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/", Handle).WithName("AskQuestion").WithSummary("Ask a question").AllowGuests().LimitedBy("ask").WithBodyLimit(32 * 1024);

    private static async Task<Results<Created<QuestionView>, Ok<QuestionView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession session, RoomCopies rooms, IParticipants participants, TimeProvider clock, CancellationToken ct)
    {
        if (QuestionBody.Wrong(request.Body) is { } wrong)
            return wrong;
        if (request.ClientId is { Length: 0 or > LongestClientId })
            return Refused.Input("client-id-invalid", "clientId", $"Client id must have 1 to {LongestClientId} characters");
        for (var attempt = 1; ; attempt++)
        {
            var room = await rooms.FindAsync(request.Room, r => r.WhyNoQuestions(request.Anonymous == true) is null, ct);
            if (room is null)
                return QuestionRefusals.NoRoom;
            if (room.WhyNoQuestions(request.Anonymous == true) is { } refused)
                return await FirstAsync(session, request, room, Caller.From(http.User), ct) is { } before ? TypedResults.Ok(before) : refused;
            var caller = await participants.EnsureAsync(http, request.ClientId, ct);
            var asked = session.Insert(New(request, room.Id, caller, clock.GetUtcNow()));
            session.Insert(Vote.Of(asked.Id, caller.UserId));
            session.Expect(room);
            session.Append(QuestionStream.Of(room.Id), asked.As<QuestionAsked>());
            try
            {
                await session.SaveChangesAsync(ct);
                return TypedResults.Created($"/api/questions/{asked.Id}", QuestionView.For(caller, asked, voted: true));
            }
            catch (DocumentExistsException) when (request.ClientId is not null)
            {
                if (await FirstAsync(session, request, room, caller, ct) is { } first)
                    return TypedResults.Ok(first);
                throw;
            }
            catch (VersionConflictException) when (attempt < Tries)
            {
                rooms.Forget(room);
            }
        }
    }

    /// <summary>Its author's vote is counted from the start, and is told with it.</summary>
    internal static Question New(Request request, Guid room, Caller author, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        RoomId = room,
        AuthorId = author.UserId,
        AuthorName = author.Name,
        Anonymous = request.Anonymous == true,
        ClientId = request.ClientId,
        Body = QuestionBody.Kept(request.Body!),
        BodyKey = Question.KeyOf(QuestionBody.Kept(request.Body!)),
        State = QuestionState.Live,
        Votes = 1,
        Shown = 1,
    };

    /// <summary>What this author has asked in this room with this client id.</summary>
    private static async Task<QuestionView?> FirstAsync(
        IDocumentSession session, Request request, RoomCopy room, Caller? author, CancellationToken ct) =>
        author is not null && request.ClientId is { } clientId
        && await session.QueryAsync<Question>(
            $"where room_id = {room.Id} and author_id = {author.UserId} and client_id = {clientId}", ct) is [var first]
            ? await session.ViewAsync(first, author, ct)
            : null;
}
