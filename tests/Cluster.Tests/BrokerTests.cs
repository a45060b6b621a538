using Modular.Testing;
using RabbitMQ.Client;

namespace Modular.Cluster.Tests;

/// <summary>What the tests of replicas take for granted of the brokers they run on.</summary>
public sealed class BrokerTests
{
    [Fact]
    public async Task A_broker_keeps_durable_queues_and_messages_over_a_crash_and_a_stop_forgets_the_others_and_alarms_when_told()
    {
        await using var broker = await BrokerProcess.StartAsync();
        var port = broker.Port;
        await broker.Control.RunAsync("eval", Declare("/", "kept", durable: true));
        await broker.Control.RunAsync("eval", Declare("/", "lost", durable: false));
        (await broker.Control.QueuesAsync()).Count.ShouldBe(2);
        await broker.Control.RunAsync("eval", "dumped = mnesia:dump_log().");     // what was declared in the last seconds is else in the node's memory
        await PublishAsync(broker.Url, "kept");

        await broker.CrashAsync();
        await OnlyTheMessageIsLeftAsync(broker);

        await broker.StopAsync();
        await broker.StartAgainAsync();
        await OnlyTheMessageIsLeftAsync(broker);
        broker.Port.ShouldBe(port);

        await broker.RaiseMemoryAlarmAsync();
        (await AlarmsAsync(broker)).ShouldContain("memory");
        await broker.ClearMemoryAlarmAsync();
        (await AlarmsAsync(broker)).ShouldBe("[]");
    }

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

    private static async Task OnlyTheMessageIsLeftAsync(BrokerProcess broker)
    {
        var queue = (await broker.Control.QueuesAsync()).ShouldHaveSingleItem();
        (queue.Name, queue.Messages).ShouldBe(("kept", 1));
    }

    /// <summary>One persistent message, which the broker has confirmed when this is done.</summary>
    private static async Task PublishAsync(string url, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, "news"u8.ToArray());
    }

    private static async Task<string> AlarmsAsync(BrokerProcess broker) => (await broker.Control.RunAsync("eval", "rabbit_alarm:get_alarms().")).Trim();

    private static string Declare(string vhost, string name, bool durable, string arguments = "") =>
        $"""rabbit_amqqueue:declare({Resource(vhost, "queue", name)}, {(durable ? "true" : "false")}, false, [{arguments}], none, <<"tests">>).""";

    private static string Resource(string vhost, string kind, string name) => $"""rabbit_misc:r(<<"{vhost}">>, {kind}, <<"{name}">>)""";
}
