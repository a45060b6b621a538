using System.Globalization;
using System.Text;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Modular.Kernel.Messaging;
using Npgsql;
using NpgsqlTypes;

namespace Modular.Bench.Plain;

/// <summary>
/// How a good team commits without a commit loop: a pooled connection for each request, BEGIN, the documents, the
/// stream's number with the log, the outbox row, COMMIT. Same tables, same durability, same gapless numbers; statements are
/// prepared. The outbox row is then dispatched as the product does it, so that only the commit differs.
/// </summary>
internal sealed class PlainCommit(DocumentStore store, string connectionString, Action<List<OutboxRow>> committed) : IAsyncDisposable
{
    private readonly string schema = store.Module;
    private readonly NpgsqlDataSource source = PlainDocuments.Open(connectionString, store.Module);

    /// <summary>For sessions of inserts, expectations and one appended event, which is what asking a question is.</summary>
    public async Task CommitAsync(WriteSet writes, Appended appended, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await PlainDocuments.WriteAsync(connection, writes, ct);
        var row = await WriteAsync(connection, writes.RequestId, store.Write(appended.Stream, appended.Happened), ct);
        await transaction.CommitAsync(ct);
        committed([row]);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<OutboxRow> WriteAsync(NpgsqlConnection connection, string? requestId, EventWrite happened, CancellationToken ct)
    {
        await using var append = new NpgsqlCommand($"""
            with s as (insert into {schema}.streams as s (name, head) values ($1, 1)
                       on conflict (name) do update set head = s.head + 1 returning head)
            insert into {schema}.events(stream, seq, event_id, type, subject, data, at)
            select $1, head, $2, $3, $4, $5::json, statement_timestamp() from s returning seq, at
            """, connection);
        PlainDocuments.Bind(append.Parameters, happened.Stream!, happened.EventId, happened.Type, happened.Subject, happened.Data);
        long seq;
        DateTimeOffset at;
        await using (var reader = await append.ExecuteReaderAsync(ct))
        {
            await reader.ReadAsync(ct);
            (seq, at) = (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
        }

        var lane = Lanes.Of(happened.Stream, happened.EventId);
        await using var outbox = new NpgsqlCommand($"""
            insert into {schema}.outbox(owner_id, lane, event_id, stream, seq, type, subject, request_id, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
            """, connection);
        PlainDocuments.Bind(outbox.Parameters, Owner, lane, happened.EventId, happened.Stream!, seq, happened.Type, happened.Subject, requestId ?? "", at.UtcDateTime);
        var id = (long)(await outbox.ExecuteScalarAsync(ct))!;
        return new OutboxRow(
            id, lane, happened.EventId, happened.Stream, seq, happened.Type, happened.Subject, Encoding.UTF8.GetBytes(happened.Data), at, requestId, null);
    }

    /// <summary>Whose outbox rows they are; set before the first commit.</summary>
    public required Guid Owner { get; init; }
}
