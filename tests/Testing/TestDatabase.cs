using Modular.Host;
using Modular.Kernel.Documents;
using Npgsql;

namespace Modular.Testing;

/// <summary>
/// An empty database of its own on the server of <c>MODULAR_TEST_POSTGRES</c> (an Npgsql connection string, which
/// <c>./dev test</c> sets), dropped at the end.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<TestDatabase>> Migrated = new(MigrateAsync);
    private readonly string server;
    private readonly NpgsqlDataSource connections;

    /// <param name="mayGoAway">Then every question takes a connection of its own, for one that was kept might be dead.</param>
    private TestDatabase(string server, string name, bool mayGoAway)
    {
        (this.server, Name, ConnectionString) = (server, name, new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString);
        connections = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = !mayGoAway });
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <summary>The way to this database that leads through a proxy.</summary>
    public string Through(TcpProxy proxy) => new NpgsqlConnectionStringBuilder(ConnectionString) { Port = proxy.Port }.ConnectionString;

    /// <param name="server">Another server than that one.</param>
    /// <param name="like">On the same server, to be copied; nobody may be connected to it.</param>
    public static Task<TestDatabase> CreateAsync(PostgresProcess? server = null, TestDatabase? like = null) =>
        CreateAsync(server, from: like is null ? "" : $"template {like.Name}");

    private static async Task<TestDatabase> CreateAsync(PostgresProcess? server, string from)
    {
        var given = server?.ConnectionString ?? Environment.GetEnvironmentVariable("MODULAR_TEST_POSTGRES")
            ?? throw new InvalidOperationException("MODULAR_TEST_POSTGRES is not set. Run the tests with ./dev test, or start ./dev postgres and set it to the connection string it prints.");
        var database = new TestDatabase(given, $"t_{Guid.NewGuid():n}", mayGoAway: server is not null);
        await database.OnServerAsync($"create database {database.Name} {from}");
        return database;
    }

    /// <summary>
    /// As <c>host migrate</c> leaves one, for tests of what comes after that: a copy of one that was migrated once, which takes half of
    /// what a start does.
    /// </summary>
    public static async Task<TestDatabase> MigratedAsync() => await CreateAsync(server: null, $"template {(await Migrated.Value).Name}");

    /// <summary>Runs a statement in this database, for facts the product does not show.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = connections.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public Task RunAsync(string sql) => ScalarAsync<object>(sql);

    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync();
        await OnServerAsync($"drop database if exists {Name} with (force)");
    }

    private static async Task<TestDatabase> MigrateAsync()
    {
        var database = await CreateAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        string[] settings = ["--environment=Development", "--Logging:LogLevel:Default=Warning", $"--Database:ConnectionString={database.ConnectionString}"];
        await using (var app = ModularHost.Build(settings))
            await app.Services.MigrateDocumentsAsync(CancellationToken.None);
        // Each copy is to have its own, and gets it when its host starts.
        await database.RunAsync("truncate users.data_protection_key, users.setup_state, users.commits");
        await database.connections.DisposeAsync();           // only what nobody is connected to can be copied
        return database;
    }

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
