using System.Diagnostics;
using System.Text;

namespace Modular.Testing;

/// <summary>A program that a test runs, with what it prints. It ends with this process at the latest, however that ends.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly StringBuilder output = new();
    private readonly Process process;
    private readonly Process? guard;

    /// <param name="guarded">False for a program that ends by itself when its standard input closes.</param>
    /// <param name="said">Gets each line of its standard output, one after the other.</param>
    public ChildProcess(
        string program, IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> environment, bool guarded = true, Action<string>? said = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) =>
        {
            Take(line.Data);
            if (line.Data is { } whole)
                said?.Invoke(whole);
        };
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        guard = guarded ? Guard(process.Id) : null;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>What it has printed so far, on both outputs.</summary>
    public string Output
    {
        get
        {
            lock (gate)
                return output.ToString();
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>A line for its standard input.</summary>
    public async Task TellAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    public void Kill() => process.Kill();

    /// <summary>Waits for its end and answers its exit code; 128 and the signal's number where a signal ended it.</summary>
    public async Task<int> EndAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} did not end within {within}:\n{Output}", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        if (guard is null)
            return;
        guard.Kill();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    private void Take(string? line)
    {
        lock (gate)
            output.AppendLine(line);
    }

    /// <summary>Reads from a pipe that the kernel closes when we are gone, killed ones included.</summary>
    private static Process Guard(int child) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", "read _; kill -9 $0 2>/dev/null", child.ToString()]) { UseShellExecute = false, RedirectStandardInput = true })!;
}
