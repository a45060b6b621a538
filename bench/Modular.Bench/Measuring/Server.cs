using Npgsql;

namespace Modular.Bench.Measuring;

/// <summary>The database server, asked beside the measurement.</summary>
internal sealed class Server(NpgsqlConnection connection) : IAsyncDisposable
{
    public static async Task<Server> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return new Server(connection);
    }

    /// <summary>On another database of the same server, so that what is asked there does not count.</summary>
    public static Task<Server> OpenBesideAsync(string connectionString) =>
        OpenAsync(new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres" }.ConnectionString);

    public Task<long> CountAsync(string table) => ScalarAsync<long>($"select count(*) from {table}");

    /// <summary>The number of the last event on a stream of questions.</summary>
    public Task<long> HeadAsync(string stream) => ScalarAsync<long>($"select coalesce(max(head), 0) from questions.streams where name = '{stream}'");

    /// <summary>Write transactions begun so far on the server. Unlike xact_commit it is exact at once and leaves reads out.</summary>
    public Task<long> TransactionsAsync() => ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    public double? ProcessorSeconds() => ProcessTimes.OfServer(connection.ProcessID);

    /// <summary>
    /// Transactions committed so far in another database of the server, reads included; asking from outside adds none. A backend that
    /// has gone quiet tells its last ones up to ten seconds late.
    /// </summary>
    public Task<long> CommittedInAsync(string database) =>
        ScalarAsync<long>($"select coalesce(sum(xact_commit), 0)::bigint from pg_stat_database where datname = '{database}'");

    /// <summary>So that no run pays for the pages another has dirtied.</summary>
    public Task CheckpointAsync() => ScalarAsync<object?>("checkpoint");

    public async Task<string> DescribeAsync() =>
        $"{await ScalarAsync<string>("select split_part(version(), ' (', 1)")}, synchronous_commit {await ScalarAsync<string>("show synchronous_commit")}, fsync {await ScalarAsync<string>("show fsync")}, wal_sync_method {await ScalarAsync<string>("show wal_sync_method")}";

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
