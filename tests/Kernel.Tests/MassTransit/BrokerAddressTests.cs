using Modular.Kernel.MassTransit;

namespace Modular.Kernel.Tests.MassTransit;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://broker", "broker", 5672, "/", "guest", "guest", false)]
    [InlineData("amqp://broker/", "broker", 5672, "/", "guest", "guest", false)]
    [InlineData("amqps://broker", "broker", 5671, "/", "guest", "guest", true)]
    [InlineData("AMQPS://Broker:1/x", "broker", 1, "x", "guest", "guest", true)]
    [InlineData("amqp://ann:secret@broker:5673/%2F", "broker", 5673, "/", "ann", "secret", false)]
    [InlineData("amqp://ann:secret@broker:5673/live%2Fevents%20%C3%A9", "broker", 5673, "live/events é", "ann", "secret", false)]
    [InlineData("amqp://a%40b:p%3A%2F%25:x@broker/v", "broker", 5672, "v", "a@b", "p:/%:x", false)]
    [InlineData("amqp://ann@127.0.0.1/v", "127.0.0.1", 5672, "v", "ann", "guest", false)]
    [InlineData("amqp://[::1]:5673/v", "::1", 5673, "v", "guest", "guest", false)]
    public void An_address_is_taken_apart_and_what_it_leaves_out_is_as_everywhere(
        string url, string host, int port, string vhost, string user, string password, bool tls)
    {
        Assert.Equal(new BrokerAddress(host, (ushort)port, vhost, user, password, tls), BrokerAddress.TryRead(url));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("broker")]
    [InlineData("broker:5672")]
    [InlineData("/broker")]
    [InlineData("http://broker")]
    [InlineData("rabbitmq://broker")]
    [InlineData("amqp:///vhost")]
    [InlineData("amqp://broker:port/")]
    [InlineData("amqp://broker:65536/")]
    public void What_is_no_address_of_a_broker_is_none(string? url)
    {
        Assert.Null(BrokerAddress.TryRead(url));
    }

    [Fact]
    public void The_password_is_in_no_message()
    {
        Assert.Equal("broker:5672", $"{BrokerAddress.TryRead("amqp://ann:secret@broker/v")}");
    }
}
