using System.Text.Json;
using Modular.Kernel.Documents;
using Modular.Rooms.Contracts;
using Modular.Testing;
using RabbitMQ.Client;

namespace Modular.Cluster.Tests;

/// <summary>No order is promised across messages: what a module keeps of another's is the newest all the same.</summary>
public sealed class RoomCopyTests
{
    private static readonly Guid Room = new("018f0000-0000-7000-8000-00000000000a");

    [Fact]
    public async Task A_room_whose_closing_is_heard_of_before_its_opening_is_kept_as_closed()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var product = await Product.StartAsync(database, $"--Bus:Url={broker.Url}");
        await Eventually.Is(async () => (await broker.ConsumersAsync()).Contains("questions.rooms"));

        var closed = await PublishAsync(broker, new RoomClosed { Id = Room, Code = "ABCDEF", State = RoomState.Closed }, "room.closed", seq: 7);
        await Eventually.Is(async () => await CopyAsync(database) == "closed 7");
        var opened = await PublishAsync(broker, new RoomOpened { Id = Room, Code = "ABCDEF", State = RoomState.Open }, "room.opened", seq: 1);

        await Eventually.Is(async () => await database.ScalarAsync<long>($"select count(*) from questions.inbox where event_id in ('{closed}', '{opened}')") == 2);
        (await CopyAsync(database)).ShouldBe("closed 7");
    }

    private static Task<string?> CopyAsync(TestDatabase database) =>
        database.ScalarAsync<string>($"select (data ->> 'state') || ' ' || (data ->> 'seq') from questions.room_copy where id = '{Room}'");

    /// <summary>As a replica publishes it: a batch of one. Answers the event's id.</summary>
    private static async Task<Guid> PublishAsync(TestBroker broker, RoomEvent happened, string type, long seq)
    {
        var id = Guid.CreateVersion7();
        object[] batch = [new { id, seq, type, subject = Room, at = DateTimeOffset.UtcNow, stream = $"rooms/{Room}", data = (object)happened }];
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = Guid.NewGuid(),
            messageType = new[] { "urn:message:Modular.Kernel.MassTransit:EventBatch" },
            message = new { module = "rooms", from = Guid.NewGuid(), events = JsonSerializer.SerializeToUtf8Bytes(batch, ModularJson.Options) },
        });
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Url) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("rooms.events", "", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, body);
        return id;
    }
}
