using Npgsql;

namespace Modular.Kernel.Documents;

/// <summary>
/// A module's connections: one that commits, one for large commits that opens when there is one, one on the side for lanes,
/// leases and trimming, four that read. Beside them a process has one for the heartbeats of all its modules. Every connection
/// of a module looks into the module's schema first.
/// </summary>
internal sealed class ModuleDatabase : IAsyncDisposable
{
    public ModuleDatabase(string schema, DatabaseOptions options)
    {
        Schema = schema;
        BatchTimeoutSeconds = options.BatchTimeoutSeconds;
        Writes = Source(options, Schema, pooling: false, 1, "commit", null);
        Side = Source(options, Schema, pooling: true, options.SideConnections, "side", null);
        Reads = Source(options, Schema, pooling: true, options.ReadConnections, "read", ReadEpochAsync);
    }

    public string Schema { get; }

    public int BatchTimeoutSeconds { get; }

    public NpgsqlDataSource Writes { get; }

    public NpgsqlDataSource Side { get; }

    public NpgsqlDataSource Reads { get; }

    /// <summary>Restore id and server timeline as of the newest connection; empty before the first.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>Called with the module's name when a new connection finds another epoch than the last one did.</summary>
    public Action<string>? EpochChanged { get; set; }

    public async ValueTask DisposeAsync()
    {
        await Writes.DisposeAsync();
        await Side.DisposeAsync();
        await Reads.DisposeAsync();
    }

    /// <summary>One connection for the heartbeats of a whole process; its statements name their schema.</summary>
    public static NpgsqlDataSource Heartbeats(DatabaseOptions options) => Source(options, "public", pooling: true, 1, "heartbeat", null);

    private static NpgsqlDataSource Source(DatabaseOptions options, string schema, bool pooling, int size, string role, Func<NpgsqlConnection, Task>? initialise)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = pooling,
            MaxPoolSize = Math.Max(1, size),
            Timeout = 5,
            CommandTimeout = 10,
            CancellationTimeout = 2000,
            KeepAlive = 15,
            MaxAutoPrepare = 128,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            SearchPath = schema,
            ApplicationName = $"modular {schema} {role}",
            Options = $"-c lock_timeout={options.LockTimeoutMs} -c idle_in_transaction_session_timeout=5s",
        };
        if (!pooling)
            settings.Remove(nameof(settings.MaxPoolSize));
        // Telemetry shows the name; without one that is the connection string.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = settings.ApplicationName };
        if (initialise is not null)
            builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("The Kernel opens connections asynchronously."), initialise);
        return builder.Build();
    }

    private async Task ReadEpochAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"select left(restore_id::text, 8) || '-' || (select timeline_id from pg_control_checkpoint()) from {Schema}.store", connection);
        if (await command.ExecuteScalarAsync() is not string epoch)
            throw new InvalidOperationException($"{Schema}.store is empty; run `host migrate`.");
        var before = Epoch;
        Epoch = epoch;
        if (before.Length > 0 && !string.Equals(before, epoch, StringComparison.Ordinal))
            EpochChanged?.Invoke(Schema);
    }
}
