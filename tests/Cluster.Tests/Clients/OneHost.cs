using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>A host that serves alone: for what clients see of it whoever else serves.</summary>
[CollectionDefinition]
public sealed class OneHost : IAsyncLifetime, ICollectionFixture<OneHost>
{
    private TestDatabase database = null!;
    private HostProcess host = null!;

    public Uri Address => host.Address;

    public string Log => host.Log;

    public Testing.Browser Somebody() => host.Somebody();

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.MigratedAsync();
        host = await HostProcess.StartAsync(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }
}
