using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Modular.Testing;

namespace Modular.Readme.Tests;

/// <summary>The product as the README's first command starts it, on a free port and with data of its own.</summary>
public sealed class Product : IAsyncLifetime
{
    /// <summary>In the environment of everything that was started, so that what is left behind is found.</summary>
    private readonly string mark = $"MODULAR_README_TEST={Guid.NewGuid():n}";
    private readonly StringBuilder said = new();
    private Process? up;

    public string Folder { get; } = Directory.CreateTempSubdirectory("modular-readme-").FullName;

    public string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Url = $"http://127.0.0.1:{FreePort()}";
        up = Start("./dev", ["up", "--release", "--port", new Uri(Url).Port.ToString(), "--data", Path.Combine(Folder, "postgres")], Readme.Root);
        up.OutputDataReceived += (_, line) => Hear(line.Data);
        up.ErrorDataReceived += (_, line) => Hear(line.Data);
        up.BeginOutputReadLine();
        up.BeginErrorReadLine();
        await Eventually.Returns("./dev up said ready", () => Task.FromResult(
            Said.Contains($"ready {Url}", StringComparison.Ordinal) ? "" : up.HasExited ? throw new InvalidOperationException($"./dev up ended:\n{Said}") : null),
            TimeSpan.FromMinutes(3));
    }

    public string Said
    {
        get
        {
            lock (said)
                return said.ToString();
        }
    }

    /// <summary>As Ctrl-C does it. Answers with the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await RunAsync("kill", ["-INT", up!.Id.ToString()]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await up.WaitForExitAsync(patience.Token);
        return up.ExitCode;
    }

    /// <summary>Processes that carry the mark of this run, except zombies.</summary>
    public IEnumerable<string> Left() =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        where Read(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal)
        select Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ');

    public async Task<string> RunAsync(string file, IReadOnlyList<string> arguments)
    {
        using var process = Start(file, arguments, Folder);
        var output = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{output}\n{errors}");
        return output;
    }

    public Process Start(string file, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (file.StartsWith("./", StringComparison.Ordinal))
            start.FileName = Path.Combine(folder, file);
        start.Environment[mark.Split('=')[0]] = mark.Split('=')[1];
        start.Environment["MODULAR_URL"] = Url;
        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (up is { HasExited: false })
            await StopAsync();
        up?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or is somebody else's.
            return "";
        }
    }

    /// <summary>Not one that an outgoing connection or a server of the product's own gets before the product listens on it.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(7_000, 9_990);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there: another one.
            }
        }
    }

    private void Hear(string? line)
    {
        lock (said)
            said.AppendLine(line);
    }
}
