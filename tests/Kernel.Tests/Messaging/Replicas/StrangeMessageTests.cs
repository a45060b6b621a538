using System.Text;
using Modular.Kernel.Tests.Documents;
using Modular.Testing;
using RabbitMQ.Client;

namespace Modular.Kernel.Tests.Messaging.Replicas;

/// <summary>What another version, or somebody who should not, publishes to the replicas.</summary>
public sealed class StrangeMessageTests : IAsyncLifetime
{
    private TwoShops shops = null!;

    public async ValueTask InitializeAsync() => shops = await TwoShops.OpenAsync();

    public ValueTask DisposeAsync() => shops.DisposeAsync();

    [Fact]
    public async Task What_cannot_be_read_is_put_aside_for_each_module_and_discarded_for_the_sockets_and_holds_up_nothing()
    {
        await PublishAsync("pling");
        await PublishAsync(Envelope("EventBatch", """{"module":"shop","from":"018f0000-0000-7000-8000-000000000001","events":"cGxpbmc="}"""));
        await PublishAsync(Envelope("EventBatch", """{"module":"shop","from":"pling","events":7}"""));
        await shops.A.AddAsync("shop/a", Shop.NewItem());

        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        await Eventually.Is(() => shops.Both.All(shop => shop.Live.Delivered.Count == 1));
        await Eventually.Is(async () => (await WaitingAsync()).SequenceEqual([("ledger.shop_error", 3), ("mirror.shop_error", 3)]));
    }

    [Fact]
    public async Task Of_a_newer_version_s_batch_what_is_known_here_is_handled_and_the_rest_passed_over()
    {
        var events = """
            [{"id":"018f0000-0000-7000-8000-000000000001","seq":1,"type":"item.invented.later","subject":"018f0000-0000-7000-8000-00000000000f","at":"2026-11-21T09:30:00Z","stream":"shop/a","data":{"what":7}},
             {"id":"018f0000-0000-7000-8000-000000000002","seq":2,"type":"item.added","subject":"018f0000-0000-7000-8000-00000000000f","at":"2026-11-21T09:30:00Z","stream":"shop/a","since":"2.0",
              "data":{"id":"018f0000-0000-7000-8000-00000000000f","name":"pen","colour":"red"}}]
            """;
        await PublishAsync(Envelope(
            "EventBatch", $$"""{"module":"shop","newer":{"x":1},"from":"018f0000-0000-7000-8000-000000000001","events":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(events))}}"}"""));

        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        await Eventually.Is(() => shops.Both.All(shop => shop.Live.Delivered.Select(e => e.Type).SequenceEqual(["item.invented.later", "item.added"])));
        await shops.QuietAsync();
        Assert.Empty(await WaitingAsync());
        Assert.Equal(0, await shops.Database.ScalarAsync<long>("select count(*) from ledger.dead_letters"));
    }

    [Fact]
    public async Task A_message_of_a_kind_that_only_a_newer_version_knows_holds_up_nothing()
    {
        await PublishAsync(Envelope("InventedLater", """{"x":1}"""));
        await shops.A.AddAsync("shop/a", Shop.NewItem());

        await Eventually.Is(async () => await shops.CountsAsync() == (1, 1));
        await Eventually.Is(() => shops.Both.All(shop => shop.Live.Delivered.Count == 1));
        await Eventually.Is(async () => (await WaitingAsync()).SequenceEqual([("ledger.shop_skipped", 1), ("mirror.shop_skipped", 1)]));
    }

    private async Task<IEnumerable<(string Queue, long Messages)>> WaitingAsync() =>
        (await shops.Broker.QueuesAsync()).Where(q => q.Messages > 0).Select(q => (q.Name, q.Messages)).Order();

    private static string Envelope(string kind, string message) =>
        $$"""{"messageId":"aa020000-128d-76e0-782b-08df47c82aed","messageType":["urn:message:Modular.Kernel.MassTransit:{{kind}}"],"message":{{message}}}""";

    private async Task PublishAsync(string body)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(shops.Broker.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync(
            "shop.events", "", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
    }
}
