using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>A broker that may be taken away, and two replicas that live on. Tests leave both as they found them.</summary>
[CollectionDefinition]
public sealed class OwnBroker : IAsyncLifetime, ICollectionFixture<OwnBroker>
{
    internal BrokerProcess Broker { get; private set; } = null!;

    internal Replicas Replicas { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Broker = await BrokerProcess.StartAsync();
        Replicas = await Replicas.StartAsync(2, broker: Broker.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await Replicas.StopAsync();
        await Replicas.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
