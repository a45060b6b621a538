using Npgsql;
using NpgsqlTypes;

namespace Modular.Kernel.Documents.Commit;

/// <summary>
/// Writes a batch of sessions as statements for one round trip. One lock order on all replicas (without it:
/// 15 deadlocks in 15 s and 5 instead of 307 commits/s): inbox keys, existing rows by table and id, streams by name,
/// inserts by unique value. The inbox comes first so that an event delivered again is known as handled before its
/// writes look like conflicts. Every statement that can find an offender names it through the schema's <c>refuse</c> function, which
/// aborts the whole batch before anything is committed.
/// </summary>
internal sealed partial class BatchSql(string schema)
{
    public const string Offenders = "MD001";
    public const string OwnerGone = "MD002";

    /// <summary>Much longer than another's commit takes, and short for those who wait behind this one.</summary>
    public static void Hurry(NpgsqlBatch batch) => Add(batch, "select set_config('lock_timeout', '100ms', true)");

    public void Fill(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets, Guid batchId, Guid owner)
    {
        if (sets.Any(s => s.Events.Count > 0))
        {
            // One statement less for the many batches that have events: a lone caller over HTTP waits for each.
            Add(batch, $"""
                with own as materialized (select 1 from {schema}.outbox_owner where owner_id = $2 for key share),
                     id as (insert into {schema}.commits(batch_id) values ($1))
                select {schema}.refuse('owner', null) where not exists (select from own)
                """, P(batchId), P(owner));
        }
        else
        {
            Add(batch, $"insert into {schema}.commits(batch_id) values ($1)", P(batchId));
        }

        Writes(batch, sets, owner);
    }

    /// <summary>As <see cref="Fill"/> without a batch id, for a transaction that does work of its own.</summary>
    public void FillWrites(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets, Guid owner)
    {
        Add(batch, $"select {schema}.refuse('owner', null) where not exists (select 1 from {schema}.outbox_owner where owner_id = $1 for key share)", P(owner));
        Writes(batch, sets, owner);
    }

    private void Writes(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets, Guid owner)
    {
        var writes = sets.SelectMany((set, ord) => set.Documents.Select(write => (Write: write, Ord: ord))).ToArray();
        var tables = writes.GroupBy(w => w.Write.Table).OrderBy(g => g.Key.Table, StringComparer.Ordinal).ToArray();
        Inbox(batch, sets);
        foreach (var table in tables)
            Lock(batch, table.Key, [.. table.Where(w => w.Write.Kind != WriteKind.Insert)]);
        Redact(batch, sets);
        Append(batch, sets, owner);
        foreach (var table in tables)
            Insert(batch, table.Key, [.. table.Where(w => w.Write.Kind == WriteKind.Insert)], alone: sets.Count == 1);
        foreach (var table in tables)
            Change(batch, table.Key, [.. table]);
    }

    private void Redact(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets)
    {
        var redactions = sets.SelectMany(s => s.Redactions).ToArray();
        if (redactions.Length == 0)
            return;
        // The log has no index by subject, which every event would pay for: each stream is read once for all of its subjects.
        Add(batch, $"""
            update {schema}.events e set data = json_build_object('id', e.subject)
            where e.stream = any($1::text[]) and e.subject = any($2::uuid[]) and e.data::text <> json_build_object('id', e.subject)::text
              and exists (select from unnest($3::text[], $2::uuid[]) w(stream, subject) where w.stream = e.stream and w.subject = e.subject)
            """,
            P(redactions.Select(r => r.Stream).Distinct(StringComparer.Ordinal).ToArray()), P(redactions.Select(r => r.Subject).ToArray()),
            P(redactions.Select(r => r.Stream).ToArray()));
    }

    /// <summary>
    /// Numbers events under the stream rows' locks, so stream order is commit order on all replicas, and writes log
    /// and outbox. The log already holds a stream event's data, so its outbox row has none. The only statement that returns rows.
    /// </summary>
    private void Append(NpgsqlBatch batch, IReadOnlyList<WriteSet> sets, Guid owner)
    {
        var events = sets.SelectMany(set => set.Events.Select(e => (Event: e, Set: set))).ToArray();
        if (events.Length == 0)
            return;
        Add(batch, $"""
            with inp as (select *, row_number() over (partition by stream order by ord) pos, count(*) over (partition by stream) n
                         from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::smallint[], $10::text[])
                           with ordinality w(event_id, stream, type, subject, data, request_id, redacts, lane, trace, ord)),
                 al as (insert into {schema}.streams as s (name, head) select stream, n from inp where pos = 1 and stream is not null order by stream
                        on conflict (name) do update set head = s.head + excluded.head returning name, head),
                 num as (select inp.*, al.head - n + pos seq from inp left join al on al.name = inp.stream),
                 log as (insert into {schema}.events(stream, seq, event_id, type, subject, data, redacts, at)
                         select stream, seq, event_id, type, subject, data::json, redacts, statement_timestamp()
                         from num where stream is not null)
            insert into {schema}.outbox(owner_id, lane, event_id, stream, seq, type, subject, data, request_id, trace, redacts, at)
            select $1, lane, event_id, stream, coalesce(seq, 0), type, subject,
                   case when stream is null then data::json end, request_id, trace, redacts, statement_timestamp()
            from num order by ord
            returning id, event_id, seq, at
            """,
            P(owner),
            P(events.Select(e => e.Event.EventId).ToArray()),
            P(events.Select(e => e.Event.Stream).ToArray()),
            P(events.Select(e => e.Event.Type).ToArray()),
            P(events.Select(e => e.Event.Subject).ToArray()),
            P(events.Select(e => e.Event.Data).ToArray()),
            P(events.Select(e => e.Set.RequestId).ToArray()),
            P(events.Select(e => RedactedBy(e.Event, e.Set)).ToArray()),
            P(events.Select(e => Messaging.Lanes.Of(e.Event.Stream, e.Event.EventId)).ToArray()),
            P(events.Select(e => e.Set.Trace).ToArray()));
    }

    public static Guid? RedactedBy(EventWrite written, WriteSet set)
    {
        foreach (var (stream, subject) in set.Redactions)
        {
            if (string.Equals(stream, written.Stream, StringComparison.Ordinal) && subject == written.Subject)
                return subject;
        }

        return null;
    }

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<T> P<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter P(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
