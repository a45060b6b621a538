using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Rooms.Contracts;
using Modular.Rooms.Hosting;
using Modular.Users.Contracts;

namespace Modular.Rooms.Creating;

internal static class CreateRoom
{
    private const int LongestTitle = 100;
    private const int Draws = 5;

    internal sealed record Request(string? Title, RoomSettings? Settings);

    /// <summary>The new room with its host link, which is told this once and kept as a hash only.</summary>
    internal sealed record NewRoomView : RoomView
    {
        public NewRoomView(RoomView room, string hostLink) : base(room) => HostLink = hostLink;

        public string HostLink { get; }
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/", Handle).WithName("CreateRoom").WithSummary("Make a room and become its host").AllowGuests().LimitedBy("rooms");

    private static async Task<Results<Created<NewRoomView>, Refused>> Handle(
        Request request, HttpContext http, IDocumentSession session, IParticipants participants, HostLink link, TimeProvider clock, CancellationToken ct)
    {
        if (WrongTitle(request.Title) is { } wrong)
            return wrong;
        var caller = await participants.EnsureAsync(http, clientId: null, ct);
        var token = HostLink.NewToken();
        for (var draw = 1; ; draw++)
        {
            var room = session.Insert(New(request, caller.UserId, token, clock.GetUtcNow()));
            session.Append(RoomStream.Of(room.Id), room.As<RoomOpened>());
            try
            {
                await session.SaveChangesAsync(ct);
            }
            catch (DocumentExistsException) when (draw < Draws)
            {
                continue;       // one of 729 million codes was drawn before
            }

            return TypedResults.Created($"/api/rooms/{room.Id}", new NewRoomView(RoomView.Of(room, RoomRole.Host), link.To(room, token, http.Request)));
        }
    }

    internal static Refused? WrongTitle(string? title) => PlainText.VisibleLine(title) switch
    {
        null => Refused.Input("title-required", "title", "Title is required"),
        { } line when PlainText.Length(line) is var length and > LongestTitle =>
            Refused.Input("title-too-long", "title", $"Title may have {LongestTitle} characters, this one has {length}"),
        _ => null,
    };

    private static Room New(Request request, Guid host, string token, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Code = RoomCode.Draw(),
        Title = PlainText.VisibleLine(request.Title)!,
        HostId = host,
        Settings = request.Settings ?? new RoomSettings(),
        HostLinkHash = HostLink.HashOf(token),
    };
}
