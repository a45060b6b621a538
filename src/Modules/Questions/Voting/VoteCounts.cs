using Modular.Kernel.Documents;

namespace Modular.Questions.Voting;

internal static class VoteCounts
{
    // Further than any number of votes, so that what is shown surely differs from what is counted.
    private const int FarAway = -1_000_000_000;

    /// <summary>
    /// For a session that appends a whole loaded question: votes may have been counted and told since it was loaded, and
    /// the older count would then be the last one told. <see cref="ShowVotes"/> tells it once more, behind that event.
    /// </summary>
    public static void TellVotesAgain(this IDocumentSession session, Guid question) =>
        session.Increment<Question>(question, q => q.Shown, FarAway);
}
