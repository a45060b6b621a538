using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Modular.Kernel.Documents.Schema;

/// <summary>
/// Brings the schemas up to what the modules declare, one process at a time: the advisory lock is polled, so a waiting
/// replica holds no snapshot that would stall an index built concurrently. What exists is never rewritten: new instants
/// and counters are added with constant defaults, everything else new is an index.
/// </summary>
internal sealed class Migrator(DatabaseOptions options, ILogger logger)
{
    public const long LockKey = 0x4D6F64756C6172;

    /// <summary>Runs <paramref name="after"/> (seeds) while it still holds the lock.</summary>
    public async Task RunAsync(IReadOnlyCollection<DocumentStore> stores, Func<CancellationToken, Task> after, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, Timeout = 5, CommandTimeout = 0, ApplicationName = "modular migrate" };
        await using var database = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = settings.ApplicationName }.Build();
        await using var connection = await database.OpenConnectionAsync(ct);
        while (!await ScalarAsync<bool>(connection, $"select pg_try_advisory_lock({LockKey.ToString(CultureInfo.InvariantCulture)})", ct))
        {
            logger.LogInformation("Another host is migrating the database; waiting for it");
            await Task.Delay(200, ct);
        }

        await RunAsync(connection, "set lock_timeout = '3s'", ct);
        foreach (var store in stores)
            await MigrateAsync(connection, store, ct);
        await after(ct);
        await RunAsync(connection, $"select pg_advisory_unlock({LockKey.ToString(CultureInfo.InvariantCulture)})", ct);
    }

    private async Task MigrateAsync(NpgsqlConnection connection, DocumentStore store, CancellationToken ct)
    {
        var schema = store.Module;
        if (!await ScalarAsync<bool>(connection, $"select exists (select 1 from pg_namespace where nspname = '{schema}')", ct))
            await RunAsync(connection, $"create schema {schema}", ct);
        var tables = await NamesAsync(connection, $"select tablename::text from pg_tables where schemaname = '{schema}'", ct);
        var indexes = await NamesAsync(connection, $"select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = '{schema}' and i.indisvalid", ct);
        foreach (var (table, sql) in KernelTables.For(schema).Where(t => !tables.Contains(t.Table)))
        {
            logger.LogInformation("Creating {Schema}.{Table}", schema, table);
            await RunAsync(connection, sql, ct);
        }

        foreach (var (table, column, type) in KernelTables.Added.Where(added => tables.Contains(added.Table)))
        {
            if (!(await ColumnsAsync(connection, schema, table, ct)).Contains(column))
                await AddColumnAsync(connection, $"{schema}.{table}", column, type, ct);
        }

        if (!await ScalarAsync<bool>(connection, $"select to_regprocedure('{schema}.refuse(text, int[])') is not null", ct))
            await RunAsync(connection, KernelTables.Refuse(schema), ct);
        foreach (var plan in store.Tables)
            await MigrateAsync(connection, schema, plan, tables.Contains(plan.Name), indexes, ct);
    }

    private async Task MigrateAsync(NpgsqlConnection connection, string schema, TablePlan plan, bool exists, HashSet<string> indexes, CancellationToken ct)
    {
        var real = plan.Instants.Concat(plan.Counters).ToArray();
        if (!exists)
        {
            logger.LogInformation("Creating {Table}", plan.Table);
            await RunAsync(connection, $"""
                create table if not exists {plan.Table}(id uuid primary key, data jsonb not null, version int not null,
                  created_at timestamptz not null, updated_at timestamptz not null{string.Concat(real.Select(c => $", {c.Name} {c.Sql}"))}) with (fillfactor = 90)
                """, ct);
        }
        else
        {
            var columns = await ColumnsAsync(connection, schema, plan.Name, ct);
            foreach (var column in real.Where(c => !columns.Contains(c.Name)))
                await AddColumnAsync(connection, plan.Table, column.Name, column.Sql, ct);
        }

        foreach (var index in plan.Indexes)
        {
            var name = $"{plan.Name}_{index.Name}";
            if (indexes.Contains(name))
                continue;
            logger.LogInformation("Creating index {Index} on {Table}", name, plan.Table);
            // One that an interrupted build left behind is invalid and in the way.
            await RunAsync(connection, $"drop index if exists {schema}.{name}", ct);
            await RunAsync(connection, $"""
                create {(index.Unique is null ? "" : "unique ")}index {(exists ? "concurrently " : "")}{name} on {plan.Table}
                ({string.Join(", ", index.Parts.Select(plan.IndexExpression))}){(index.Where is null ? "" : $" where {index.Where}")}
                """, ct);
        }
    }

    private async Task AddColumnAsync(NpgsqlConnection connection, string table, string column, string type, CancellationToken ct)
    {
        logger.LogInformation("Adding {Column} to {Table}", column, table);
        await RunAsync(connection, $"alter table {table} add column if not exists {column} {type}", ct);
    }

    private static Task<HashSet<string>> ColumnsAsync(NpgsqlConnection connection, string schema, string table, CancellationToken ct) =>
        NamesAsync(connection, $"select column_name::text from information_schema.columns where table_schema = '{schema}' and table_name = '{table}'", ct);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }
}
