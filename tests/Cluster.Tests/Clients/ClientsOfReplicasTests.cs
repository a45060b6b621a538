using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>Clients without SignalR, of what happens on another replica.</summary>
[Collection<RunningReplicas>]
public sealed class ClientsOfReplicasTests(RunningReplicas running)
{
    [Fact]
    public async Task What_is_asked_on_one_replica_comes_to_the_plain_sockets_and_event_streams_of_the_other()
    {
        var (a, b) = (running.Replicas.A.Address, running.Replicas.B.Address);
        using var room = await HostedRoom.OpenAsync(a);
        await using var socket = await PlainSocket.OpenAsync(b, $"?room={room.Code}");
        await using var events = await EventStream.OpenAsync(b, [room.Questions]);
        await events.FirstAsync("the position at the start", block => block.Id is not null);

        var asked = await room.AskAsync("Does it arrive?");

        (await socket.SeesAsync("newquestion")).GetProperty("data").GetProperty("id").GetGuid().ShouldBe(asked);
        await Eventually.Is(() => events.Numbers(room.Questions).SequenceEqual([1L]));
    }
}
