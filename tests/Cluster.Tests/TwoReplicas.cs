using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Two hosts of one database and broker. What the broker says to <see cref="B"/> goes through <see cref="BrokerOfB"/>.</summary>
public sealed class TwoReplicas : IAsyncLifetime
{
    private TestBroker broker = null!;

    public TestDatabase Database { get; private set; } = null!;

    public TcpProxy BrokerOfB { get; private set; } = null!;

    public HostProcess A { get; private set; } = null!;

    public HostProcess B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        broker = await TestBroker.CreateAsync();
        BrokerOfB = new TcpProxy(broker.Port);
        A = await HostProcess.StartAsync(Database.ConnectionString, settings: ("Bus__Url", broker.Url));
        B = await HostProcess.StartAsync(Database.ConnectionString, settings: ("Bus__Url", broker.Through(BrokerOfB)));
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await BrokerOfB.DisposeAsync();
        await broker.DisposeAsync();
        await Database.DisposeAsync();
    }
}
