using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Modules;
using Modular.Questions.Contracts;
using Modular.Questions.Voting;

namespace Modular.Questions.People;

/// <summary>What a person has asked, without their name too, and which questions they have voted for.</summary>
internal sealed class HeldOfPerson([FromKeyedServices("questions")] IDocumentStore store) : IPersonalData
{
    internal sealed record Held(IAsyncEnumerable<HeldQuestion> Asked, IAsyncEnumerable<HeldVote> Votes);

    internal sealed record HeldQuestion(
        Guid Id, Guid RoomId, string Body, string AskedAs, bool Anonymous, QuestionState State, int Votes, IReadOnlyList<string> Labels, string? Reply,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal sealed record HeldVote(Guid QuestionId, DateTimeOffset VotedAt);

    public ValueTask<object> OfAsync(Guid person, CancellationToken ct) => ValueTask.FromResult<object>(new Held(
        store.ReadAllAsync<Question>((after, most) => $"where author_id = {person} and id > {after} order by id limit {most}", ct)
            .Select(q => new HeldQuestion(q.Id, q.RoomId, q.Body, q.AuthorName, q.Anonymous, q.State, q.Votes, q.Labels, q.Reply, q.CreatedAt, q.UpdatedAt)),
        store.ReadAllAsync<Vote>((after, most) => $"where voter_id = {person} and id > {after} order by id limit {most}", ct)
            .Select(v => new HeldVote(v.QuestionId, v.CreatedAt))));
}
