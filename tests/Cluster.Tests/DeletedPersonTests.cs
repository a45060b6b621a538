using System.Text.Json;
using Modular.Cluster.Tests.Clients;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>Whoever was deleted on one replica is shown by none, whichever way one asks, and though both still have the events in memory.</summary>
[Collection<RunningReplicas>]
public sealed class DeletedPersonTests(RunningReplicas running)
{
    private const string Name = "Annegret Quintessenz";
    private readonly Replicas replicas = running.Replicas;

    [Fact]
    public async Task Nothing_on_any_replica_shows_the_name_or_id_of_somebody_deleted()
    {
        using var ann = replicas.A.Host.Somebody();
        using var host = replicas.B.Host.Somebody();
        var me = (await ann.Post("/api/users/guests", new { name = Name })).Must(201)["user"].GetProperty("id").GetGuid();
        var own = (await ann.Post("/api/rooms", new { title = "Hosted" })).Must(201).Id;
        var room = (await host.Post("/api/rooms", new { title = "Visited" })).Must(201).Id;
        string[] streams = [$"rooms/{own}", $"rooms/{room}", $"questions/{room}"];
        await using var here = await FollowerAsync(replicas.A.Address, streams);
        await using var there = await FollowerAsync(replicas.B.Address, streams);
        (await ann.Post($"/api/rooms/{room}/enter")).Must(200);
        (await host.Put($"/api/rooms/{room}/members/{me}/role", new { role = "moderator" })).Must(200);
        var asked = (await ann.Post("/api/questions", new { body = "Who am I?", room })).Must(201).Id;
        (await ann.Post($"/api/questions/{asked}/answer")).Must(200);
        foreach (var follower in new[] { here, there })
            await Eventually.Is(() => Types(follower).Contains("question.answered") && Types(follower).Contains("member.roleChanged"));
        (await ShownAsync(replicas.B.Address, streams, room, own)).ShouldContain(me.ToString());

        (await ann.Delete("/api/users/me")).Must(204);

        foreach (var follower in new[] { here, there })
            await Eventually.Is(() => Types(follower).IsSupersetOf(["question.edited", "member.left", "room.updated"]));
        foreach (var replica in replicas.All)
        {
            var shown = await ShownAsync(replica.Address, streams, room, own);
            shown.ShouldNotContain(me.ToString());
            shown.ShouldNotContain(Name);
            shown.ShouldContain("Who am I?");
        }
    }

    private static async Task<HubClient> FollowerAsync(Uri replica, string[] streams)
    {
        var client = await HubClient.ConnectAsync(replica);
        foreach (var stream in streams)
            await client.SubscribeAsync(stream);
        return client;
    }

    private static HashSet<string> Types(HubClient client) =>
        [.. client.Calls("events").SelectMany(a => a[1].EnumerateArray()).Select(e => e.GetProperty("type").GetString()!)];

    /// <summary>All that a stranger gets of these streams and rooms: lists, snapshots, the log, the answers of the hub, server-sent events.</summary>
    private static async Task<string> ShownAsync(Uri replica, string[] streams, Guid room, Guid own)
    {
        using var stranger = new Browser(replica);
        var shown = new List<string>();
        foreach (var path in new[] { $"/api/questions?room={room}&state=answered", $"/api/questions?room={room}", $"/api/rooms/{room}", $"/api/rooms/{own}" })
            shown.Add((await stranger.Get(path)).Must(200).Text);
        await using var hub = await HubClient.ConnectAsync(replica);
        foreach (var stream in streams)
        {
            shown.Add((await stranger.Get($"/api/notifications/streams/{stream}")).Must(200).Text);
            var answer = await hub.SubscribeAsync(stream, after: 0);
            answer.Events.Count.ShouldBeGreaterThan(0);
            shown.Add(JsonSerializer.Serialize(answer));
            shown.Add(await ResumedAsync(replica, stream, answer.Head));
        }

        return string.Concat(shown);
    }

    private static async Task<string> ResumedAsync(Uri replica, string stream, long head)
    {
        await using var events = await EventStream.OpenAsync(replica, [stream], lastEventId: $"{stream}@0");
        await Eventually.Is(() => events.Numbers(stream).Contains(head));
        return string.Concat(events.Blocks.Select(b => b.Data));
    }
}
