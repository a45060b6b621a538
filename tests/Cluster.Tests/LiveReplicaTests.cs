using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>What open sockets may rely on when what they follow is changed by another replica.</summary>
[Collection<RunningReplicas>]
public sealed class LiveReplicaTests(RunningReplicas running)
{
    private readonly Replicas replicas = running.Replicas;

    [Fact]
    public async Task An_event_that_the_broker_never_brings_comes_from_the_log()
    {
        await using var client = await HubClient.ConnectAsync(replicas.B.Address);
        var head = (await client.SubscribeAsync(Lobby.Stream)).Head;
        replicas.B.Link.HoldAnswers();
        try
        {
            (await Lobby.AskAsync(replicas.A.Address, "Is it lost?", "lost")).Must(201);

            await Eventually.Is(() => client.Live(Lobby.Stream).SequenceEqual([head + 1]));
        }
        finally
        {
            replicas.B.Link.Release();
            await running.AreLiveAsync();
        }

        (await Lobby.AskAsync(replicas.A.Address, "And the next?", "next")).Must(201);
        await Eventually.Is(() => client.Live(Lobby.Stream).SequenceEqual([head + 1, head + 2]));
        client.Calls("resync").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_comes_from_a_replica_that_knows_more_goes_on_where_it_was()
    {
        await using var warm = await HubClient.ConnectAsync(replicas.B.Address);
        await warm.SubscribeAsync(Lobby.Stream);
        await using var elsewhere = await HubClient.ConnectAsync(replicas.A.Address);
        var before = await elsewhere.SubscribeAsync(Lobby.Stream);
        replicas.B.Link.HoldAnswers();
        try
        {
            (await Lobby.AskAsync(replicas.A.Address, "Who knows?", "knows")).Must(201);
            await Eventually.Is(() => elsewhere.Live(Lobby.Stream).Count == 1);
            await using var moved = await HubClient.ConnectAsync(replicas.B.Address);
            var seen = elsewhere.Live(Lobby.Stream)[^1];

            var answer = await moved.SubscribeAsync(Lobby.Stream, seen, before.Epoch);

            (answer.Recovered, answer.Head, answer.Events.Count).ShouldBe((true, seen, 0));
        }
        finally
        {
            replicas.B.Link.Release();
            await running.AreLiveAsync();
        }
    }

    [Fact]
    public async Task Logging_out_on_one_replica_closes_the_sockets_on_the_other_within_two_seconds_and_they_stay_closed()
    {
        // Twice in a row: the tick, every 5 s, is in time for one by chance. And at any time: a busy machine is late for one, too.
        var row = 0;
        await Eventually.Is(async () => (row = await ClosesAsync() ? row + 1 : 0) == 2, what: "a socket is closed within two seconds");

        async Task<bool> ClosesAsync()
        {
            using var ann = replicas.A.Host.Somebody();
            var token = (await ann.Post("/api/users/guests")).Must(201)["accessToken"].GetString();
            await using var socket = await HubClient.ConnectAsync(replicas.B.Address, token);
            (await ann.Post("/api/users/logout")).Must(204);
            var inTime = await Task.WhenAny(socket.Closed, Task.Delay(TimeSpan.FromSeconds(2))) == socket.Closed;
            await Eventually.Is(() => socket.Closed.IsCompleted);
            await Should.ThrowAsync<Exception>(() => HubClient.ConnectAsync(replicas.B.Address, token));
            return inTime;
        }
    }

    [Fact]
    public async Task Without_a_word_from_the_broker_they_are_closed_all_the_same()
    {
        using var ann = replicas.A.Host.Somebody();
        var token = (await ann.Post("/api/users/guests")).Must(201)["accessToken"].GetString();
        await using var socket = await HubClient.ConnectAsync(replicas.B.Address, token);
        replicas.B.Link.HoldAnswers();
        try
        {
            (await ann.Post("/api/users/logout")).Must(204);

            await Eventually.Is(() => socket.Closed.IsCompleted);
        }
        finally
        {
            replicas.B.Link.Release();
            await running.AreLiveAsync();
        }
    }

    [Fact]
    public async Task A_restored_database_makes_every_client_of_every_replica_take_a_snapshot()
    {
        await using var one = await HubClient.ConnectAsync(replicas.A.Address);
        await using var other = await HubClient.ConnectAsync(replicas.B.Address);
        var before = await one.SubscribeAsync(Lobby.Stream);
        await other.SubscribeAsync(Lobby.Stream);

        await replicas.ScalarAsync<object>("update questions.store set restore_id = gen_random_uuid()");
        await replicas.ScalarAsync<object>("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'modular questions%' and datname = current_database()");

        await Eventually.Is(() => one.Calls("resync").Count == 1 && other.Calls("resync").Count == 1);
        foreach (var client in new[] { one, other })
        {
            var again = await client.SubscribeAsync(Lobby.Stream, before.Head, before.Epoch);
            again.Recovered.ShouldBeFalse();
            again.Epoch.ShouldNotBe(before.Epoch);
        }

        foreach (var replica in replicas.All)
            await Eventually.Is(async () => (await Lobby.AskAsync(replica.Address, "Is it back?", $"back on {replica.Address.Port}")).Status is 200 or 201);
        await running.AreLiveAsync();
    }

    [Fact]
    public async Task What_was_negotiated_on_one_replica_may_be_opened_on_the_other()
    {
        using var http = new HttpClient { BaseAddress = replicas.A.Address };
        using var negotiated = await http.PostAsync("/hub/negotiate?negotiateVersion=1", content: null);
        var id = (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString()!;
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new UriBuilder(replicas.B.Address) { Scheme = "ws", Path = "/hub", Query = $"id={id}" }.Uri, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        var answer = new byte[64];
        var read = await socket.ReceiveAsync(answer, CancellationToken.None);
        Encoding.UTF8.GetString(answer, 0, read.Count).ShouldBe("{}\u001e");
    }
}
