using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Questions.Rooms;

namespace Modular.Questions;

/// <summary>The names of this module's streams.</summary>
internal static class QuestionStream
{
    public const string Prefix = "questions/";

    public static string Of(Guid room) => Prefix + room;
}

/// <summary>Anyone may follow the questions of a room that exists.</summary>
internal sealed class QuestionStreams(RoomCopies rooms) : IStreamAuthorizer
{
    public async ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct) =>
        stream.StartsWith(QuestionStream.Prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(stream[QuestionStream.Prefix.Length..], "D", out var room)
        && string.Equals(stream, QuestionStream.Of(room), StringComparison.Ordinal)
        && await rooms.FindAsync(room, ct) is not null
            ? StreamAccess.Yes
            : StreamAccess.NotFound;
}

/// <summary>What everybody in a room follows; the moderators' stream is not among it.</summary>
internal sealed class StreamsOfRoom(RoomCopies rooms) : IRoomStreams
{
    public async ValueTask<IReadOnlyList<string>> OfAsync(string? room, CancellationToken ct) =>
        await rooms.FindAsync(room, ct) is { } found ? [QuestionStream.Of(found.Id)] : [];
}
