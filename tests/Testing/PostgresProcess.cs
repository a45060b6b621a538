using System.Text.RegularExpressions;
using Npgsql;

namespace Modular.Testing;

/// <summary>A Postgres of a test's own, for tests that take it away.</summary>
public sealed partial class PostgresProcess : IAsyncDisposable
{
    private readonly DevServer server = new("postgres", Ready());

    private PostgresProcess()
    {
    }

    public string ConnectionString { get; private set; } = "";

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    public static async Task<PostgresProcess> StartAsync()
    {
        var postgres = new PostgresProcess();
        await postgres.LaunchAsync(port: 0);
        return postgres;
    }

    /// <summary>As an operator restarts it (fast): open transactions are aborted, clients are told.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    public Task StopAsync() => server.StopAsync();

    /// <summary>After <see cref="StopAsync"/>, with the same data on the same port.</summary>
    public Task StartAgainAsync() => LaunchAsync(Port);

    /// <summary>kill -9, then a start that recovers from the log.</summary>
    public async Task CrashAsync()
    {
        await server.KillAsync();
        await LaunchAsync(Port);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task LaunchAsync(int port) => ConnectionString = (await server.LaunchAsync(port)).Groups["connection"].Value;

    [GeneratedRegex("postgres ready (?<connection>.+)\\s+postgres pid (?<pid>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();
}
