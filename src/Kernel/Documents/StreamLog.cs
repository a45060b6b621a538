using System.Text;
using Modular.Kernel.Messaging;
using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>Reads a module's event log. Page, first kept number and head come from one statement, so they agree.</summary>
internal sealed class StreamLog(ModuleDatabase database)
{
    // A page is held for each client that catches up, as long as that takes; three hundred events may have ten megabytes.
    private const int MostBytes = 256 * 1024;

    public async Task<IReadOnlyDictionary<string, StreamPage>> ReadAsync(IReadOnlyCollection<(string Stream, long After)> ranges, int limit, CancellationToken ct)
    {
        await using var command = database.Reads.CreateCommand("""
            select w.stream, coalesce(s.head, 0), coalesce(f.seq, 0), e.seq, e.event_id, e.type, e.subject, e.data, e.at, e.redacts
            from unnest($1::text[], $2::bigint[]) with ordinality w(stream, after, ord)
            left join streams s on s.name = w.stream
            left join lateral (select seq from events where stream = w.stream order by seq limit 1) f on true
            left join lateral (
              select * from (
                select p.*, coalesce(sum(octet_length(p.data::text)) over (order by p.seq rows between unbounded preceding and 1 preceding), 0) as bytes
                from (select * from events where stream = w.stream and seq > w.after order by seq limit $3) p) b
              where b.bytes < $4) e on true
            order by w.ord, e.seq
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. ranges.Select(r => r.Stream)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. ranges.Select(r => r.After)] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostBytes });
        var pages = new Dictionary<string, StreamPage>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var stream = reader.GetString(0);
            if (!pages.TryGetValue(stream, out var page))
                pages[stream] = page = new StreamPage(stream, database.Epoch, reader.GetInt64(1), reader.GetInt64(2), new List<StreamEvent>());
            if (!await reader.IsDBNullAsync(3, ct))
                ((List<StreamEvent>)page.Events).Add(Read(reader, stream));
        }

        return pages;
    }

    public async Task<IReadOnlyDictionary<string, long>> HeadsAsync(IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        await using var command = database.Reads.CreateCommand("select name, head from streams where name = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. streams] });
        var heads = streams.Distinct(StringComparer.Ordinal).ToDictionary(s => s, _ => 0L, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            heads[reader.GetString(0)] = reader.GetInt64(1);
        return heads;
    }

    private static StreamEvent Read(NpgsqlDataReader reader, string stream) => new(
        stream, reader.GetInt64(3), reader.GetGuid(4), reader.GetString(5), reader.GetGuid(6),
        Encoding.UTF8.GetBytes(reader.GetString(7)), reader.GetFieldValue<DateTimeOffset>(8), reader.IsDBNull(9) ? null : reader.GetGuid(9));
}
