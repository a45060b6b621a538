using System.Net;
using System.Text.RegularExpressions;
using Modular.Kernel.Documents;

namespace Modular.Testing;

/// <summary>The built host as a process of its own, as it is deployed: in Production, with a log for machines, on a loopback port.</summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>What a machine that has much else to do needs: else a stall becomes a 503 to a test that asks about something else.</summary>
    private static readonly (string, string)[] PatientWithTheDatabase = Limits(new() { QueueTimeoutMs = 60_000, BatchTimeoutSeconds = 30, OutcomeTimeoutMs = 120_000 });

    private readonly ChildProcess process;

    private HostProcess(ChildProcess process) => this.process = process;

    /// <summary>How long the product waits for its database where nobody says otherwise: for tests of what happens then.</summary>
    public static (string Key, string Value)[] AsDelivered { get; } = Limits(new());

    public Uri Address { get; private set; } = null!;

    public int Id => process.Id;

    public string Log => process.Output;

    public bool HasExited => process.HasExited;

    /// <summary>Starts <c>host serve</c> and waits until it is ready.</summary>
    /// <param name="at">Where an earlier host was, to take its place; without it a free port.</param>
    public static async Task<HostProcess> StartAsync(string connectionString, Uri? at = null, params (string Key, string Value)[] settings)
    {
        for (var patience = DateTime.UtcNow + Patience; ;)
        {
            var host = Begin(connectionString, at, settings);
            try
            {
                await host.ReadyAsync();
                return host;
            }
            catch (Exception) when (at is not null && host.Log.Contains("address already in use", StringComparison.Ordinal) && DateTime.UtcNow < patience)
            {
                // While nobody listened there, somebody's outgoing connection got the port, for as long as it lives.
                await host.DisposeAsync();
            }
            catch
            {
                await host.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts <c>host serve</c>; <see cref="ReadyAsync"/> waits for it.</summary>
    public static HostProcess Begin(string connectionString, Uri? at = null, params (string Key, string Value)[] settings) =>
        new(Launch("serve",
        [
            ("ASPNETCORE_URLS", at?.GetLeftPart(UriPartial.Authority) ?? "http://127.0.0.1:0"),
            ("Database__ConnectionString", connectionString),
            ("Modules__Users__Secret", "a secret of the tests, long enough"),
            ("Drain__Grace", "00:00:00"),
            ("Drain__Window", "00:00:00"),
            ("Limits__Enabled", "false"),
            .. PatientWithTheDatabase,
            .. settings,
        ]));

    public async Task ReadyAsync()
    {
        using var http = new HttpClient();
        var deadline = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < deadline && !process.HasExited)
        {
            if (Address is null && Listening().Match(Log) is { Success: true } line)
                Address = new Uri(line.Groups["address"].Value);
            if (Address is not null && await StatusAsync(http, new Uri(Address, "/health/ready")) == HttpStatusCode.OK)
                return;
            await Task.Delay(20);
        }

        // Its last words may come behind its end.
        if (process.HasExited)
            await process.EndAsync(Patience);
        throw new InvalidOperationException($"The host did not become ready:\n{Log}");
    }

    /// <summary>Hears everything that is published from now on.</summary>
    public Task ConnectedAsync() =>
        Eventually.Is(() => Log.Contains("Connected to the message broker", StringComparison.Ordinal), Patience, "the host is connected to its message broker");

    /// <summary>Runs the host until it ends by itself.</summary>
    /// <param name="settings">All of its settings: nothing is added to them.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string command, params (string Key, string Value)[] settings)
    {
        await using var host = Launch(command, settings);
        var code = await host.EndAsync(Patience);
        return (code, host.Output);
    }

    /// <summary>As the machine's power does: no farewell.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.EndAsync(Patience);
    }

    /// <summary>As a machine does that is paused or swaps: it stops between two instructions, and nobody is told.</summary>
    public void Freeze() => process.Signal("STOP");

    /// <summary>Goes on as if no time had passed.</summary>
    public void Wake() => process.Signal("CONT");

    /// <summary>What it holds of the machine's memory.</summary>
    public long MemoryMb
    {
        get
        {
            using var shown = System.Diagnostics.Process.GetProcessById(process.Id);
            return shown.WorkingSet64 / (1024 * 1024);
        }
    }

    /// <summary>SIGTERM, as every supervisor sends it.</summary>
    public void AskToStop() => process.Signal("TERM");

    /// <summary>Its end after it was asked to stop; anything but success is an error.</summary>
    public async Task StoppedAsync()
    {
        if (await process.EndAsync(Patience) is not 0 and var code)
            throw new InvalidOperationException($"The host ended with {code}:\n{Log}");
    }

    public async Task StopAsync()
    {
        AskToStop();
        await StoppedAsync();
    }

    /// <summary>A browser that has never been here.</summary>
    public Browser Somebody() => new(Address);

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static (string, string)[] Limits(DatabaseOptions limits) =>
    [
        ("Database__QueueTimeoutMs", $"{limits.QueueTimeoutMs}"), ("Database__BatchTimeoutSeconds", $"{limits.BatchTimeoutSeconds}"),
        ("Database__OutcomeTimeoutMs", $"{limits.OutcomeTimeoutMs}"),
    ];

    private static ChildProcess Launch(string command, IEnumerable<(string Key, string Value)> settings)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "host.dll");
        return new ChildProcess("dotnet", [program, command], [("ASPNETCORE_ENVIRONMENT", "Production"), .. settings]);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    [GeneratedRegex("Now listening on: (?<address>http://[0-9.:]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
