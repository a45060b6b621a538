namespace Modular.Testing;

/// <summary>
/// An empty virtual host of its own on the broker of <c>MODULAR_TEST_RABBITMQ</c> (an AMQP address) and
/// <c>MODULAR_TEST_RABBITMQCTL</c> (its rabbitmqctl), which <c>./dev test</c> sets; gone at the end.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private static readonly Lazy<BrokerControl> Control = new(() => new BrokerControl(Setting("MODULAR_TEST_RABBITMQCTL")));
    private readonly string vhost;

    private TestBroker(Uri server, string vhost) => (this.vhost, Url) = (vhost, new UriBuilder(server) { Path = vhost }.Uri.AbsoluteUri);

    public string Url { get; }

    public int Port => new Uri(Url).Port;

    /// <summary>The way to this virtual host that leads through a proxy.</summary>
    public string Through(TcpProxy proxy) => new UriBuilder(Url) { Port = proxy.Port }.Uri.AbsoluteUri;

    public static async Task<TestBroker> CreateAsync()
    {
        var broker = new TestBroker(new Uri(Setting("MODULAR_TEST_RABBITMQ")), $"t_{Guid.NewGuid():n}");
        await Control.Value.EvaluateAsync(
            $"""ok = rabbit_vhost:add(<<"{broker.vhost}">>, <<"tests">>), ok = rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"{broker.vhost}">>, <<".*">>, <<".*">>, <<".*">>, <<"tests">>).""");
        return broker;
    }

    public Task<IReadOnlyList<BrokerQueue>> QueuesAsync() => Control.Value.QueuesAsync(vhost);

    public Task<IReadOnlyList<BrokerExchange>> ExchangesAsync() => Control.Value.ExchangesAsync(vhost);

    public Task<IReadOnlyList<BrokerBinding>> BindingsAsync() => Control.Value.BindingsAsync(vhost);

    /// <summary>The queue of each consumer.</summary>
    public Task<IReadOnlyList<string>> ConsumersAsync() => Control.Value.ConsumersAsync(vhost);

    /// <inheritdoc cref="BrokerControl.UnbindAsync"/>
    public Task UnbindAsync(IEnumerable<BrokerBinding> bindings) => Control.Value.UnbindAsync(vhost, bindings);

    public Task BindAsync(IEnumerable<BrokerBinding> bindings) => Control.Value.BindAsync(vhost, bindings);

    /// <summary>Queues that one consumer has for itself.</summary>
    public Task<IReadOnlyList<string>> ExclusivelyConsumedAsync() => Control.Value.ExclusivelyConsumedAsync(vhost);

    /// <summary>Also closes the connections to it.</summary>
    public async ValueTask DisposeAsync() => await Control.Value.EvaluateAsync($"""ok = rabbit_vhost:delete(<<"{vhost}">>, <<"tests">>).""");

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set. Run the tests with ./dev test, or start ./dev rabbitmq and set it to what that prints.");
}
