using System.Diagnostics;
using System.Text.Json;
using Modular.Bench.Measuring;
using Modular.Testing;

namespace Modular.Bench.Http;

/// <summary>A host as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;

    private HostProcess(Process process, string log) => (this.process, Log) = (process, log);

    public Uri Address { get; private set; } = null!;

    /// <summary>Where its log lines go: a file, as with a container runtime.</summary>
    public string Log { get; }

    /// <param name="settings">Besides those that every measurement needs.</param>
    public static async Task<HostProcess> StartAsync(string way, TestDatabase database, params (string Key, string Value)[] settings)
    {
        var log = Path.Combine(Path.GetTempPath(), $"modular-bench-{way}-{Guid.NewGuid():n}.log");
        // Through a shell for the file alone: reading the lines here would cost the measured machine time.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" serve \"$2\" > \"$3\"", Environment.ProcessPath!, typeof(HostProcess).Assembly.Location, way, log])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Database__ConnectionString"] = database.ConnectionString,
                ["Modules__Users__Secret"] = "a secret of this measurement, no other",
                ["Modules__Users__AccessTokenLife"] = "1.00:00:00",
                ["Limits__Enabled"] = "false",
                ["Drain__Grace"] = "00:00:00",
            },
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var host = new HostProcess(Process.Start(start)!, log);
        await host.ReadyAsync();
        return host;
    }

    /// <param name="collect">Its garbage first.</param>
    public async Task<HostGauges> GaugesAsync(bool collect = false)
    {
        await process.StandardInput.WriteLineAsync(collect ? BenchHost.Collect : "");
        await process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<HostGauges>(await HearAsync("{"))!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
        File.Delete(Log);
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Address = new Uri(await HearAsync("http://", patience.Token));
            using var http = new HttpClient { BaseAddress = Address };
            while (!(await http.GetAsync(new Uri("/health/ready", UriKind.Relative), patience.Token)).IsSuccessStatusCode)
                await Task.Delay(50, patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"The host does not become ready; see {Log}.", late);
        }
    }

    /// <summary>The next line that begins so; what else it says is its trouble.</summary>
    private async Task<string> HearAsync(string begin, CancellationToken ct = default)
    {
        while (await process.StandardError.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith(begin, StringComparison.Ordinal))
                return line;
            await Console.Error.WriteLineAsync(line);
        }

        throw new InvalidOperationException($"The host has ended; see {Log}.");
    }
}
