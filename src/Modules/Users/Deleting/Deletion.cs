using Modular.Kernel.Documents;

namespace Modular.Users.Deleting;

/// <summary>
/// That somebody was deleted: their id and the time, nothing else. It keeps the id from coming back by a late retry, and has the modules told
/// once more (<see cref="RepeatDeletions"/>). Kept for a day.
/// </summary>
internal sealed record Deletion : Document
{
    /// <summary>The longest that a request which began before can take until its write is committed, and some more.</summary>
    private static readonly TimeSpan InFlight = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public DateTimeOffset DeletedAt { get; init; }

    /// <summary>When the modules were told for the second time.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    public static DateTimeOffset DueToBeRepeated(DateTimeOffset now) => now - InFlight;

    public static DateTimeOffset DueToBeForgotten(DateTimeOffset now) => now - Kept;
}
