using Modular.Kernel.Documents;
using Modular.Kernel.Web;
using Modular.Questions.Contracts;
using Modular.Questions.Voting;

namespace Modular.Questions;

/// <summary>A question as the wire shows it to one viewer.</summary>
internal sealed record QuestionView(
    Guid Id, Guid RoomId, string Body, Author? Author, bool Mine, QuestionState State, int Votes, bool Voted, bool Pinned,
    IReadOnlyList<string> Labels, string? Reply, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static QuestionView For(Caller? viewer, Question question, bool voted) => new(
        question.Id, question.RoomId, question.Body, question.Author(), question.AuthorId == viewer?.UserId, question.State,
        question.Votes, voted, question.Pinned, question.Labels, question.Reply, question.CreatedAt, question.UpdatedAt, question.Version);
}

internal static class QuestionViews
{
    /// <summary>One query for all: whose votes are whose is in the votes' ids.</summary>
    public static async Task<IReadOnlyList<QuestionView>> ViewAsync(
        this IDocumentSession session, IReadOnlyList<Question> questions, Caller? viewer, CancellationToken ct)
    {
        if (viewer is null || questions.Count == 0)
            return [.. questions.Select(q => QuestionView.For(viewer, q, voted: false))];
        var votes = questions.ToDictionary(q => Vote.IdOf(q.Id, viewer.UserId), q => q.Id);
        var voted = (await session.QueryIdsAsync<Vote>($"where id = any({votes.Keys.ToArray()})", ct)).Select(id => votes[id]).ToHashSet();
        return [.. questions.Select(q => QuestionView.For(viewer, q, voted.Contains(q.Id)))];
    }

    public static async Task<QuestionView> ViewAsync(this IDocumentSession session, Question question, Caller? viewer, CancellationToken ct) =>
        (await session.ViewAsync([question], viewer, ct))[0];
}
