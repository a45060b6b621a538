using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Two replicas for tests that leave them as they found them; in the end they must stop in good order.</summary>
[CollectionDefinition]
public sealed class RunningReplicas : IAsyncLifetime, ICollectionFixture<RunningReplicas>
{
    internal TestBroker Broker { get; private set; } = null!;

    internal Replicas Replicas { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Broker = await TestBroker.CreateAsync();
        Replicas = await Replicas.StartAsync(2, broker: Broker.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await Replicas.StopAsync();
        await Replicas.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
