using System.Globalization;
using Modular.Kernel.Documents;
using Modular.Kernel.Documents.Commit;
using Npgsql;
using NpgsqlTypes;

namespace Modular.Bench.Plain;

/// <summary>The documents of a session, written within a transaction of its own.</summary>
internal static class PlainDocuments
{
    /// <summary>Npgsql's own default of 100 connections, with automatic preparation switched on.</summary>
    public static NpgsqlDataSource Open(string connectionString, string schema) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxAutoPrepare = 32,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        Timeout = 60,
        ApplicationName = $"plain {schema}",
    }.ConnectionString);

    /// <summary>BEGIN, the documents, COMMIT.</summary>
    public static async Task CommitAsync(NpgsqlDataSource source, WriteSet writes, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await WriteAsync(connection, writes, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>One statement for all documents of the session.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, WriteSet writes, CancellationToken ct)
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

    internal static string[] Bind(NpgsqlParameterCollection into, params object[] values)
    {
        var places = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            into.Add(values[i] is string text ? new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = values[i] });
            places[i] = $"${into.Count.ToString(CultureInfo.InvariantCulture)}";
        }

        return places;
    }
}
