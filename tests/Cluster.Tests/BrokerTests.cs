using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>What the tests of replicas take for granted of the brokers they run on.</summary>
public sealed class BrokerTests
{
    [Fact]
    public async Task A_virtual_host_of_a_test_shows_what_was_declared_in_it_and_in_no_other()
    {
        await using var broker = await TestBroker.CreateAsync();
        await using var other = await TestBroker.CreateAsync();
        var control = new BrokerControl(Environment.GetEnvironmentVariable("MODULAR_TEST_RABBITMQCTL")!);
        var vhost = new Uri(broker.Url).AbsolutePath[1..];
        await control.RunAsync("eval", Declare(vhost, "mine", durable: true, """{<<"x-expires">>, signedint, 120000}"""));
        var (queueName, news) = (Resource(vhost, "queue", "mine"), Resource(vhost, "exchange", "news"));
        await control.RunAsync("eval", $$"""rabbit_exchange:declare({{news}}, fanout, true, false, false, [], <<"tests">>), ok = rabbit_binding:add({binding, {{news}}, <<"key">>, {{queueName}}, []}, <<"tests">>).""");

        var queue = (await broker.QueuesAsync()).ShouldHaveSingleItem();
        queue.ShouldBe(new BrokerQueue("mine", Durable: true, Exclusive: false, AutoDelete: false, Messages: 0, queue.Arguments));
        queue.Arguments.ShouldBe(new Dictionary<string, string> { ["x-expires"] = "120000" });
        (await broker.ExchangesAsync()).ShouldHaveSingleItem().Type.ShouldBe("fanout");
        (await broker.BindingsAsync()).ShouldHaveSingleItem().ShouldBe(new BrokerBinding("news", "mine", "queue", "key"));
        (await other.QueuesAsync()).ShouldBeEmpty();
    }

    private static string Declare(string vhost, string name, bool durable, string arguments = "") =>
        $"""rabbit_amqqueue:declare({Resource(vhost, "queue", name)}, {(durable ? "true" : "false")}, false, [{arguments}], none, <<"tests">>).""";

    private static string Resource(string vhost, string kind, string name) => $"""rabbit_misc:r(<<"{vhost}">>, {kind}, <<"{name}">>)""";
}
