using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Modular.Bench.Measuring;
using Modular.Testing;

namespace Modular.Bench.Http;

/// <summary>A host as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;

    private HostProcess(Process process, Uri address, string log) => (this.process, Address, Log) = (process, address, log);

    public Uri Address { get; }

    /// <summary>Where its log lines go: a file, as with a container runtime.</summary>
    public string Log { get; }

    /// <param name="settings">Besides those that every measurement needs.</param>
    public static async Task<HostProcess> StartAsync(string way, TestDatabase database, params (string Key, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
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
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["Database__ConnectionString"] = database.ConnectionString,
                ["Modules__Users__Secret"] = "a secret of this measurement, no other",
                ["Modules__Users__AccessTokenLife"] = "1.00:00:00",
                ["Limits__Enabled"] = "false",
                ["Drain__Grace"] = "00:00:00",
            },
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var host = new HostProcess(Process.Start(start)!, address, log);
        await host.ReadyAsync();
        return host;
    }

    /// <param name="collect">Its garbage first.</param>
    public async Task<HostGauges> GaugesAsync(bool collect = false)
    {
        await process.StandardInput.WriteLineAsync(collect ? BenchHost.Collect : "");
        await process.StandardInput.FlushAsync();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{'))
                return JsonSerializer.Deserialize<HostGauges>(line)!;
            await Console.Error.WriteLineAsync(line);
        }

        throw new InvalidOperationException($"The host has ended; see {Log}.");
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
        using var http = new HttpClient { BaseAddress = Address };
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // Not listening yet.
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"The host does not start; see {Log}: {await process.StandardError.ReadToEndAsync()}");
            await Task.Delay(50);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
