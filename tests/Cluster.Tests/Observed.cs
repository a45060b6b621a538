using Modular.Testing;
using Modular.Testing.Otlp;

namespace Modular.Cluster.Tests;

/// <summary>Hosts of one database whose telemetry comes here.</summary>
internal sealed class Observed : IAsyncDisposable
{
    private readonly List<HostProcess> hosts = [];
    private readonly TestDatabase database;

    private Observed(TestDatabase database, OtlpReceiver collector) => (this.database, Collector) = (database, collector);

    public OtlpReceiver Collector { get; }

    public TestDatabase Store => database;

    public string Database => database.ConnectionString;

    public static async Task<Observed> OpenAsync() => new(await TestDatabase.MigratedAsync(), await OtlpReceiver.StartAsync());

    /// <param name="settings">Beside those that make it send here, and soon.</param>
    public Task<HostProcess> HostAsync(params (string, string)[] settings) => HostOnAsync(Database, settings);

    public async Task<HostProcess> HostOnAsync(string database, params (string, string)[] settings)
    {
        var host = await HostProcess.StartAsync(database, settings: [.. Collector.Settings, .. settings]);
        lock (hosts)
            hosts.Add(host);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        await Collector.DisposeAsync();
        await database.DisposeAsync();
    }
}
