using Modular.Kernel.Documents;

namespace Modular.Questions.Voting;

/// <summary>A person's vote on a question. There is one at most: its id is made of both, so the primary key is the rule.</summary>
internal sealed record Vote : Document
{
    public Guid QuestionId { get; init; }

    public Guid VoterId { get; init; }

    public static Guid IdOf(Guid question, Guid voter) => DerivedId.Of(question, voter);

    public static Vote Of(Guid question, Guid voter) => new() { Id = IdOf(question, voter), QuestionId = question, VoterId = voter };
}
