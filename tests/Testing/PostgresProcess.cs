using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Modular.Testing;

/// <summary>A Postgres of a test's own, for tests that take it away; started by <c>./dev postgres</c>, which <c>MODULAR_DEV</c> names.</summary>
public sealed partial class PostgresProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string data = Path.Combine(Path.GetTempPath(), $"modular-{Guid.NewGuid():n}");
    private ChildProcess process = null!;
    private int server;

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
        process.Signal("TERM");
        await process.EndAsync(Patience);
        await process.DisposeAsync();
        await LaunchAsync(Port);
    }

    /// <summary>kill -9, then a start that recovers from the log.</summary>
    public async Task CrashAsync()
    {
        using (var killed = Process.GetProcessById(server))
            killed.Kill();
        await process.EndAsync(Patience);
        await process.DisposeAsync();
        await LaunchAsync(Port);
    }

    public async ValueTask DisposeAsync()
    {
        process.Signal("TERM");
        await process.EndAsync(Patience);
        await process.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private async Task LaunchAsync(int port)
    {
        var dev = Environment.GetEnvironmentVariable("MODULAR_DEV")
            ?? throw new InvalidOperationException("MODULAR_DEV is not set. Run the tests with ./dev test, or set it to the path of ./dev.");
        process = new ChildProcess(dev, ["postgres", "--data", data, "--port", port.ToString(), "--until-stdin-closes"], [], guarded: false);
        var ready = await Eventually.Returns(
            "./dev postgres is ready",
            () => Task.FromResult(
                Ready().Match(process.Output) is { Success: true } line ? line
                : process.HasExited ? throw new InvalidOperationException($"Postgres did not start:\n{process.Output}")
                : null),
            Patience);
        ConnectionString = ready.Groups["connection"].Value;
        server = int.Parse(ready.Groups["pid"].Value);
    }

    [GeneratedRegex("postgres ready (?<connection>.+)\\s+postgres pid (?<pid>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();
}
