using System.Text.RegularExpressions;

namespace Modular.Testing;

/// <summary>A RabbitMQ node of a test's own, for tests that take it away or look at what a host makes in it.</summary>
public sealed partial class BrokerProcess : IAsyncDisposable
{
    private readonly DevServer server = new("rabbitmq", Ready());

    private BrokerProcess()
    {
    }

    /// <summary>The AMQP address of its virtual host <c>/</c>.</summary>
    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    public BrokerControl Control { get; private set; } = null!;

    /// <summary>The way to it that leads through a proxy.</summary>
    public string Through(TcpProxy proxy) => new UriBuilder(Url) { Port = proxy.Port }.Uri.AbsoluteUri;

    public static async Task<BrokerProcess> StartAsync()
    {
        var broker = new BrokerProcess();
        await broker.LaunchAsync(port: 0);
        return broker;
    }

    /// <summary>As an operator stops it: clients are told.</summary>
    public Task StopAsync() => server.StopAsync();

    /// <summary>After <see cref="StopAsync"/>, with the same data on the same port.</summary>
    public Task StartAgainAsync() => LaunchAsync(Port);

    /// <summary>After <see cref="StopAsync"/>, on the same port, as one that has never run.</summary>
    public Task StartEmptyAsync()
    {
        server.Forget();
        return LaunchAsync(Port);
    }

    /// <summary>kill -9, then a start with the same data on the same port.</summary>
    public async Task CrashAsync()
    {
        await server.KillAsync();
        await LaunchAsync(Port);
    }

    /// <summary>The memory alarm: connections that publish are blocked, those that consume go on.</summary>
    public Task RaiseMemoryAlarmAsync() => Control.RunAsync("set_vm_memory_high_watermark", "0");

    public Task ClearMemoryAlarmAsync() => Control.RunAsync("set_vm_memory_high_watermark", "0.4");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task LaunchAsync(int port)
    {
        var ready = await server.LaunchAsync(port);
        Url = ready.Groups["url"].Value;
        Control = new BrokerControl(ready.Groups["ctl"].Value);
    }

    [GeneratedRegex(
        "rabbitmq ready (?<url>\\S+)\\s+rabbitmq pid (?<pid>[0-9]+)\\s+rabbitmq ctl (?<ctl>.+)\\s",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();
}
