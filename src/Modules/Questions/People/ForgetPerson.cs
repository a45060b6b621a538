using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Documents;
using Modular.Kernel.Messaging;
using Modular.Questions.Contracts;
using Modular.Questions.Voting;
using Modular.Users.Contracts;

namespace Modular.Questions.People;

/// <summary>
/// What a deleted person asked stays, as nobody's, and their votes go on counting. A page at a time, each in a commit of its own: somebody with ten
/// thousand questions holds nobody up, and what is done is not found again.
/// </summary>
internal sealed class ForgetPerson([FromKeyedServices("questions")] IDocumentStore store) : IEventHandler<UserDeleted>
{
    // Enough operations that it goes past the commit loop, where redacting reads a whole log.
    private const int QuestionsAtOnce = 100;
    private const int VotesAtOnce = 1_000;

    public async Task HandleAsync(UserDeleted happened, EventContext context, CancellationToken ct)
    {
        while (await OrphanSilentlyAsync(happened.Id, ct) == QuestionsAtOnce)
        {
        }

        while (await OrphanAsync(happened.Id, ct) == QuestionsAtOnce)
        {
        }

        while (await UnnameVotesAsync(happened.Id, ct) == VotesAtOnce)
        {
        }

        await store.ForgetDeadLettersAsync(happened.Id, ct);
    }

    /// <summary>
    /// Questions whose author nobody ever saw. Not by the session: told, or with a new version and time, they would stand out together, and beside those
    /// with a name. A host who edits one at this moment may write the author back; the second round finds it.
    /// </summary>
    private Task<int> OrphanSilentlyAsync(Guid person, CancellationToken ct) => store.TransactAsync(
        async (transaction, token) =>
        {
            var due = await transaction.QueryAsync(
                $"""
                 select id from question where (data ->> 'authorId')::uuid = {person} and ((data ->> 'anonymous')::boolean or data ->> 'state' = {QuestionState.Pending})
                 order by id limit {QuestionsAtOnce} for update
                 """,
                row => row.GetGuid(0), token);
            return (await transaction.QueryAsync(
                $"""
                 update question set data = data || jsonb_build_object('authorId', {Guid.Empty}, 'authorName', '', 'clientId', null) where id = any({due}) returning id
                 """,
                row => row.GetGuid(0), token)).Count;
        },
        ct);

    private async Task<int> OrphanAsync(Guid person, CancellationToken ct)
    {
        var work = store.OpenSession();
        var asked = await work.QueryAsync<Question>(
            $"where author_id = {person} and not anonymous and state <> {QuestionState.Pending} order by id limit {QuestionsAtOnce}", ct);
        foreach (var question in asked)
        {
            var orphan = work.Store(question.Orphaned());
            work.Redact(QuestionStream.Of(orphan.RoomId), orphan.Id);
            // One that was put away is not shown again for this: its count is enough for the rings to redact it.
            work.Append(QuestionStream.Of(orphan.RoomId), orphan.State is QuestionState.Archived ? new QuestionVoted(orphan.Id, orphan.Votes) : orphan.As<QuestionEdited>());
            work.TellVotesAgain(orphan.Id);
        }

        await work.SaveChangesAsync(ct);
        return asked.Count;
    }

    /// <summary>A vote's id is made of its question and voter, so it gets another; when it was given stays as it was.</summary>
    private Task<int> UnnameVotesAsync(Guid person, CancellationToken ct) => store.TransactAsync(
        async (transaction, token) =>
        {
            var due = await transaction.QueryAsync(
                $"select id from vote where (data ->> 'voterId')::uuid = {person} order by id limit {VotesAtOnce} for update", row => row.GetGuid(0), token);
            return (await transaction.QueryAsync(
                $"""
                 update vote v set id = n.other, data = (v.data - 'voterId') || jsonb_build_object('id', n.other)
                 from (select id, gen_random_uuid() as other from unnest({due}) id) n where v.id = n.id returning v.id
                 """,
                row => row.GetGuid(0), token)).Count;
        },
        ct);
}
