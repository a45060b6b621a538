using System.Text;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Kernel.Messaging;

internal static class OutboxTable
{
    private const int PageSize = 500;

    /// <summary>
    /// The oldest rows of this process in a lane. Delete-driven and without a cursor: two connections write under
    /// one owner, so a lower id may still be on its way. Within a stream ids follow the numbers, both being given under its lock.
    /// The page is cut before the join: with stale statistics the planner has joined and sorted the whole table for it (127 ms instead of 1).
    /// </summary>
    public static async Task<List<OutboxRow>> PageAsync(DocumentStore store, short lane, TimeSpan minimumAge, CancellationToken ct)
    {
        await using var command = store.Database.Side.CreateCommand("""
            with o as materialized (
              select * from outbox where owner_id = $1 and lane = $2 and at <= now() - $3 order by id limit $4)
            select o.id, o.event_id, o.stream, o.seq, o.type, o.subject, coalesce(o.data, e.data)::text, o.at, o.request_id, o.redacts, o.trace
            from o left join events e on e.stream = o.stream and e.seq = o.seq order by o.id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = store.Owner.Id });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = lane });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = minimumAge });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        var rows = new List<OutboxRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new OutboxRow(
                reader.GetInt64(0), lane, reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
                reader.GetGuid(5), Encoding.UTF8.GetBytes(reader.GetString(6)), reader.GetFieldValue<DateTimeOffset>(7),
                reader.IsDBNull(8) ? null : reader.GetString(8), reader.IsDBNull(9) ? null : reader.GetGuid(9), reader.IsDBNull(10) ? null : reader.GetString(10)));
        }

        return rows;
    }
}
