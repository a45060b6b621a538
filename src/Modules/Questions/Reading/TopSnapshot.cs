using Modular.Kernel.Documents;
using Modular.Questions.Contracts;

namespace Modular.Questions.Reading;

/// <summary>
/// The ids of a room's questions in the order of their votes at one moment. Votes move while people page, so pages
/// are cut from this: nothing comes twice, nothing is skipped.
/// </summary>
internal sealed record TopSnapshot : Document
{
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    public Guid RoomId { get; init; }

    public QuestionState State { get; init; }

    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Where the room's stream stood before the ids were read.</summary>
    public StreamPosition Stream { get; init; } = new("", "", 0);

    public bool HasExpired(DateTimeOffset now) => now - CreatedAt >= Kept;

    /// <summary>One a room, state and second, whoever makes it: the primary key is the rule.</summary>
    public static Guid IdOf(Guid room, QuestionState state, DateTimeOffset now)
    {
        var moment = new byte[16];
        BitConverter.TryWriteBytes(moment, now.ToUnixTimeSeconds());
        moment[15] = (byte)state;
        return DerivedId.Of(room, new Guid(moment));
    }
}
