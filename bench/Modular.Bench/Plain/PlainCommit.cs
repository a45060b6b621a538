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
internal sealed class PlainCommit(string schema, string connectionString, Action<List<OutboxRow>> committed) : IAsyncDisposable
{
    // Npgsql's own default of 100 connections, with automatic preparation switched on.
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxAutoPrepare = 32,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        Timeout = 60,
        ApplicationName = $"plain {schema}",
    }.ConnectionString);

    /// <summary>For sessions of inserts, expectations and one appended event, which is what asking a question is.</summary>
    public async Task CommitAsync(WriteSet writes, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var row = await WriteAsync(connection, writes, ct);
        await transaction.CommitAsync(ct);
        committed([row]);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<OutboxRow> WriteAsync(NpgsqlConnection connection, WriteSet writes, CancellationToken ct)
    {
        await DocumentsAsync(connection, writes, ct);
        var happened = writes.Events.Single();
        await using var append = new NpgsqlCommand($"""
            with s as (insert into {schema}.streams as s (name, head) values ($1, 1)
                       on conflict (name) do update set head = s.head + 1 returning head)
            insert into {schema}.events(stream, seq, event_id, type, subject, data, at)
            select $1, head, $2, $3, $4, $5::json, statement_timestamp() from s returning seq, at
            """, connection);
        Bind(append.Parameters, happened.Stream!, happened.EventId, happened.Type, happened.Subject, happened.Data);
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
        Bind(outbox.Parameters, Owner, lane, happened.EventId, happened.Stream!, seq, happened.Type, happened.Subject, writes.RequestId ?? "", at.UtcDateTime);
        var id = (long)(await outbox.ExecuteScalarAsync(ct))!;
        return new OutboxRow(
            id, lane, happened.EventId, happened.Stream, seq, happened.Type, happened.Subject, Encoding.UTF8.GetBytes(happened.Data), at, writes.RequestId, null);
    }

    /// <summary>One statement for all documents of the session.</summary>
    private static async Task DocumentsAsync(NpgsqlConnection connection, WriteSet writes, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var steps = new List<string>();
        var expected = new List<string>();
        foreach (var write in writes.Documents)
        {
            var step = $"s{steps.Count.ToString(CultureInfo.InvariantCulture)}";
            steps.Add($"{step} as ({(write.Kind == WriteKind.Insert ? Insert(command.Parameters, write) : Expect(command.Parameters, write))})");
            if (write.Kind == WriteKind.Expect)
                expected.Add(step);
        }

        var found = expected.Count == 0 ? "0" : string.Join(" + ", expected.Select(step => $"(select count(*) from {step})"));
        command.CommandText = $"with {string.Join(", ", steps)} select {found}";
        try
        {
            if (Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) < expected.Count)
                throw new VersionConflictException("Something was changed meanwhile.");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new DocumentExistsException("It exists already.");
        }
    }

    private static string Insert(NpgsqlParameterCollection into, DocumentWrite write)
    {
        var real = write.Table.Instants.Concat(write.Table.Counters).ToArray();
        var places = Bind(into, [write.Id, write.Json!, write.Document!.CreatedAt.UtcDateTime, .. real.Select(c => c.Property.GetValue(write.Document)!)]);
        return $"insert into {write.Table.Table}(id, data, version, created_at, updated_at{string.Concat(real.Select(c => $", {c.Name}"))}) "
            + $"values ({places[0]}, {places[1]}::jsonb, 1, {places[2]}, {places[2]}{string.Concat(places.Skip(3).Select(p => $", {p}"))})";
    }

    private static string Expect(NpgsqlParameterCollection into, DocumentWrite write)
    {
        var places = Bind(into, write.Id, write.Version!.Value);
        return $"select 1 from {write.Table.Table} where id = {places[0]} and version = {places[1]} for share";
    }

    private static string[] Bind(NpgsqlParameterCollection into, params object[] values)
    {
        var places = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            into.Add(values[i] is string text ? new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = values[i] });
            places[i] = $"${into.Count.ToString(CultureInfo.InvariantCulture)}";
        }

        return places;
    }

    /// <summary>Whose outbox rows they are; set before the first commit.</summary>
    public required Guid Owner { get; init; }
}
