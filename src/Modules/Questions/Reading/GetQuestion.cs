using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Questions.Contracts;
using Modular.Questions.Rooms;

namespace Modular.Questions.Reading;

internal static class GetQuestion
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/{id:guid}", Handle).WithName("GetQuestion").WithSummary("One question").AllowAnonymous();

    private static async Task<Results<Versioned<QuestionView>, Refused>> Handle(
        Guid id, HttpContext http, IDocumentSession session, RoomCopies rooms, CancellationToken ct)
    {
        var viewer = Caller.From(http.User);
        if (await session.LoadAsync<Question>(id, ct) is not { } question)
            return QuestionRefusals.NotFound;
        if (question.State is QuestionState.Pending or QuestionState.Archived
            && question.AuthorId != viewer?.UserId && !await rooms.MayModerateAsync(question.RoomId, viewer, ct))
            return QuestionRefusals.NotFound;
        return Versioned.Of(question.Version, await session.ViewAsync(question, viewer, ct));
    }
}
