using System.Globalization;
using Npgsql;

namespace Modular.Kernel.Documents.Commit;

/// <summary>The statements about documents, one of each kind and table however many sessions share it.</summary>
internal sealed partial class BatchSql
{
    /// <summary>Takes the rows in id order and refuses the sessions whose row is gone or has another version.</summary>
    private void Lock(NpgsqlBatch batch, TablePlan table, (DocumentWrite Write, int Ord)[] writes)
    {
        if (writes.Length == 0)
            return;
        Add(batch, $"""
            with want as (select * from unnest($1::uuid[], $2::int[], $3::int[]) w(id, version, ord)),
                 held as materialized (select id, version from {table.Table} where id = any($1::uuid[]) order by id for update)
            select {schema}.refuse('version {table.Name}', array_agg(distinct w.ord)) from want w left join held h on h.id = w.id
            where h.id is null or h.version <> w.version having count(*) > 0
            """,
            P(writes.Select(w => w.Write.Id).ToArray()), P(writes.Select(w => w.Write.Version).ToArray()), P(writes.Select(w => w.Ord).ToArray()));
    }

    /// <param name="alone">Nobody else is in the batch, so that a taken value may be an error of the statement, which costs a lone caller less.</param>
    private void Insert(NpgsqlBatch batch, TablePlan table, (DocumentWrite Write, int Ord)[] writes, bool alone)
    {
        if (writes.Length == 0)
            return;
        var first = table.Uniques.Count > 0 ? table.Uniques[0] : null;
        var sorted = writes.OrderBy(w => first is null ? null : TablePlan.UniqueKey(first, w.Write.Document!), StringComparer.Ordinal)
            .ThenBy(w => w.Write.Id).ToArray();
        var real = table.Instants.Concat(table.Counters).ToArray();
        var names = string.Concat(real.Select(c => $", {c.Name}"));
        var arrays = string.Concat(real.Select((c, i) => $", ${(i + 5).ToString(CultureInfo.InvariantCulture)}::{(c.Kind == ColumnKind.Counter ? "int" : "timestamptz")}[]"));
        var want = $"unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::int[]{arrays}) w(id, data, at, ord{names})";
        var insert = $"insert into {table.Table}(id, data, version, created_at, updated_at{names}) select id, data::jsonb, 1, at, at{names} from";
        Add(
            batch,
            alone ? $"{insert} {want}" : $"""
                with want as (select * from {want}),
                     done as ({insert} want on conflict do nothing returning id)
                select {schema}.refuse('exists {table.Name}', array_agg(ord)) from want where id not in (select id from done) having count(*) > 0
                """,
            [
                P(sorted.Select(w => w.Write.Id).ToArray()), P(sorted.Select(w => w.Write.Json).ToArray()),
                P(sorted.Select(w => w.Write.Document!.CreatedAt).ToArray()), P(sorted.Select(w => w.Ord).ToArray()),
                .. Real(table, sorted),
            ]);
    }

    private static IEnumerable<NpgsqlParameter> Real(TablePlan table, (DocumentWrite Write, int Ord)[] writes)
    {
        foreach (var instant in table.Instants)
            yield return P(writes.Select(w => ((DateTimeOffset?)instant.Property.GetValue(w.Write.Document))?.ToUniversalTime()).ToArray());
        foreach (var counter in table.Counters)
            yield return P(writes.Select(w => (int)counter.Property.GetValue(w.Write.Document)!).ToArray());
    }

    private static void Change(NpgsqlBatch batch, TablePlan table, (DocumentWrite Write, int Ord)[] writes)
    {
        var updates = writes.Where(w => w.Write.Kind == WriteKind.Update).ToArray();
        if (updates.Length > 0)
        {
            var names = string.Concat(table.Instants.Select(c => $", {c.Name}"));
            var sets = string.Concat(table.Instants.Select(c => $", {c.Name} = w.{c.Name}"));
            var arrays = string.Concat(table.Instants.Select((_, i) => $", ${(i + 4).ToString(CultureInfo.InvariantCulture)}::timestamptz[]"));
            Add(batch, $"""
                update {table.Table} t set data = w.data::jsonb, version = t.version + 1, updated_at = w.at{sets}
                from unnest($1::uuid[], $2::text[], $3::timestamptz[]{arrays}) w(id, data, at{names}) where t.id = w.id
                """,
                [
                    P(updates.Select(w => w.Write.Id).ToArray()), P(updates.Select(w => w.Write.Json).ToArray()),
                    P(updates.Select(w => w.Write.Document!.UpdatedAt).ToArray()), .. Real(table, updates).Take(table.Instants.Count),
                ]);
        }

        var deletes = writes.Where(w => w.Write.Kind == WriteKind.Delete).Select(w => w.Write.Id).ToArray();
        if (deletes.Length > 0)
            Add(batch, $"delete from {table.Table} where id = any($1::uuid[])", P(deletes));
        foreach (var counter in writes.Where(w => w.Write.Kind == WriteKind.Increment).GroupBy(w => w.Write.Counter!, StringComparer.Ordinal))
        {
            var sums = counter.GroupBy(w => w.Write.Id).Select(g => (g.Key, Sum: g.Sum(w => w.Write.Delta))).ToArray();
            Add(batch, $"""
                update {table.Table} t set {counter.Key} = t.{counter.Key} + w.delta
                from unnest($1::uuid[], $2::int[]) w(id, delta) where t.id = w.id
                """,
                P(sums.Select(s => s.Key).ToArray()), P(sums.Select(s => s.Sum).ToArray()));
        }
    }
}
