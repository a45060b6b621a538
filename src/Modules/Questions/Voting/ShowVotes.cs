using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;
using Modular.Questions.Contracts;

namespace Modular.Questions.Voting;

/// <summary>
/// Tells the streams of new counts, at most four times a second a question however many vote. What is still to be
/// told stands in the rows themselves (<c>shown &lt;&gt; votes</c>), so no crash loses the last count. One replica does
/// it at a time; two at once would do no harm, only double work.
/// </summary>
internal sealed class ShowVotes(
    [FromKeyedServices("questions")] IDocumentStore store, TimeProvider clock, ILogger<ShowVotes> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(1);
    private const int AtOnce = 200;
    private DateTimeOffset asked = DateTimeOffset.MinValue;
    private bool holder;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await HoldsLeaseAsync(stoppingToken) && await ShowAsync(stoppingToken) == AtOnce)
                {
                }
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failed, "Vote counts could not be told just now; the next round does");
            }
        }
    }

    private async Task<bool> HoldsLeaseAsync(CancellationToken ct)
    {
        if (clock.GetUtcNow() - asked < RenewAfter)
            return holder;
        holder = false;     // also where the question fails
        holder = await store.HoldLeaseAsync("show-votes", Lease, ct);
        asked = clock.GetUtcNow();
        return holder;
    }

    private Task<int> ShowAsync(CancellationToken ct) => store.TransactAsync(
        async (transaction, token) =>
        {
            // Locked in the order that commits lock rows in, before the update that would take them in its own.
            var due = await transaction.QueryAsync(
                $"select id from question where shown <> votes order by id limit {AtOnce} for update", row => row.GetGuid(0), token);
            if (due.Count == 0)
                return 0;
            var shown = await transaction.QueryAsync(
                $"update question set shown = votes where id = any({due}) returning id, (data ->> 'roomId')::uuid, votes",
                row => (Id: row.GetGuid(0), Room: row.GetGuid(1), Votes: row.GetInt32(2)),
                token);
            foreach (var question in shown)
                transaction.Append(QuestionStream.Of(question.Room), new QuestionVoted(question.Id, question.Votes));
            return due.Count;
        },
        ct);
}
