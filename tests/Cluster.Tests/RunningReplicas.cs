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

    /// <summary>After a test has taken something away: done when what is asked on one is seen on the other at once again.</summary>
    internal async Task AreLiveAsync()
    {
        await using var quiet = await QuietRoom.OpenAsync(Replicas);
        await quiet.IsLiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Replicas.StopAsync();
        await Replicas.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
