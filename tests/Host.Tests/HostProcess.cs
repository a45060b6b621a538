using System.Diagnostics;
using System.Text;
using Modular.Testing;

namespace Modular.Host.Tests;

/// <summary>host.dll as an operating-system process, with a given environment and none of ours.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    public HostProcess(string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "host.dll"), .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.Contains("__", StringComparison.Ordinal) || k.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Read(output);

    public string Errors => Read(errors);

    /// <summary>The address it says it listens on.</summary>
    public async Task<Uri> ListensAsync() => new(await Eventually.Returns(
        "the host listens", () => Task.FromResult(Address() ?? (process.HasExited ? throw new InvalidOperationException(Output + Errors) : null)), TimeSpan.FromSeconds(180)));

    public void Terminate() => Process.Start("kill", ["-TERM", process.Id.ToString()]).WaitForExit();

    public async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(180));
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private string? Address() =>
        Output.Split('\n').FirstOrDefault(l => l.Contains("Now listening on: ", StringComparison.Ordinal)) is { } line
            ? line.Split("Now listening on: ")[1].Split('"')[0].Trim()
            : null;

    private static void Append(StringBuilder into, string? line)
    {
        lock (into)
            into.AppendLine(line);
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
            return from.ToString();
    }
}
