using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>What makes handlers take effect once: the inbox, and the dead letters that leave it or come back.</summary>
internal sealed partial class BatchSql
{
    private void Inbox(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets)
    {
        var inboxes = sets.Select((set, ord) => (set.Inbox, Ord: ord)).Where(s => s.Inbox is not null)
            .OrderBy(s => s.Inbox!.EventId).ThenBy(s => s.Inbox!.Handler, StringComparer.Ordinal).ToArray();
        if (inboxes.Length > 0)
        {
            Add(batch, $"""
                with want as (select * from unnest($1::uuid[], $2::text[], $3::int[]) w(event_id, handler, ord)),
                     done as (insert into {schema}.inbox(event_id, handler) select event_id, handler from want
                              on conflict do nothing returning event_id, handler)
                select {schema}.refuse('handled inbox', array_agg(ord)) from want
                where (event_id, handler) not in (select event_id, handler from done) having count(*) > 0
                """,
                P(inboxes.Select(i => i.Inbox!.EventId).ToArray()), P(inboxes.Select(i => i.Inbox!.Handler).ToArray()), P(inboxes.Select(i => i.Ord).ToArray()));
        }

        foreach (var (replays, ord) in sets.Select((set, ord) => (set.Replays, ord)))
        {
            if (replays is null)
                continue;
            Add(batch, $"""
                with gone as (delete from {schema}.dead_letters where event_id = $1 and handler = $2 returning 1)
                select {schema}.refuse('handled inbox', array[$3::int]) where not exists (select from gone)
                """, P(replays.EventId), P(replays.Handler), P(ord));
        }

        foreach (var letter in sets.Select(s => s.DeadLetter).OfType<DeadLetterWrite>())
        {
            Add(batch, $"""
                insert into {schema}.dead_letters(event_id, handler, type, stream, seq, data, error, attempts, happened_at, request_id)
                values ($1, $2, $3, $4, $5, $6::json, $7, $8, $9, $10) on conflict do nothing
                """,
                P(letter.EventId), P(letter.Handler), P(letter.Type), P(letter.Stream), P(letter.Seq), P(letter.Data), P(letter.Error), P(letter.Attempts),
                P(letter.HappenedAt), P(letter.RequestId));
        }
    }
}
