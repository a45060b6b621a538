using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Modular.Testing;

/// <summary>A server of a test's own, started by the command of <c>./dev</c> that runs one; <c>MODULAR_DEV</c> names <c>./dev</c>.</summary>
/// <param name="ready">What it prints when it serves; its group <c>pid</c> is the server's process id.</param>
internal sealed class DevServer(string command, Regex ready) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly string data = Path.Combine(Path.GetTempPath(), $"modular-{Guid.NewGuid():n}");
    private ChildProcess? process;
    private int server;

    /// <param name="port">0 takes a free one.</param>
    public async Task<Match> LaunchAsync(int port)
    {
        var dev = Environment.GetEnvironmentVariable("MODULAR_DEV")
            ?? throw new InvalidOperationException("MODULAR_DEV is not set. Run the tests with ./dev test, or set it to the path of ./dev.");
        var started = new ChildProcess(dev, [command, "--data", data, "--port", port.ToString(), "--until-stdin-closes"], [], guarded: false);
        process = started;
        var line = await Eventually.Returns(
            $"./dev {command} is ready",
            () => Task.FromResult(
                ready.Match(started.Output) is { Success: true } found ? found
                : started.HasExited ? throw new InvalidOperationException($"./dev {command} did not start:\n{started.Output}")
                : null),
            Patience);
        server = int.Parse(line.Groups["pid"].Value);
        return line;
    }

    /// <summary>As an operator stops it.</summary>
    public async Task StopAsync()
    {
        if (process is not { } running)
            return;
        running.Signal("TERM");
        await EndedAsync(running);
    }

    /// <summary>Deletes its data; for one that does not run.</summary>
    public void Forget() => Directory.Delete(data, recursive: true);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        using (var killed = Process.GetProcessById(server))
            killed.Kill();
        if (process is { } running)
            await EndedAsync(running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(data, recursive: true);
    }

    private async Task EndedAsync(ChildProcess running)
    {
        await running.EndAsync(Patience);
        await running.DisposeAsync();
        process = null;
    }
}
