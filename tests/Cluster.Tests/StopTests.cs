using System.Net.Sockets;
using Modular.Testing;

namespace Modular.Cluster.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_host_told_to_stop_under_load_keeps_what_it_has_answered_and_sends_its_sockets_elsewhere()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var host = await HostProcess.StartAsync(database.ConnectionString);
        var followers = await Follower.SeveralAsync(10, host.Address, Lobby.Stream);
        var people = await Poster.SeveralAsync(16, host.Address);
        var asking = Task.WhenAll(people.Select(p => p.AskUntilGoneAsync()));
        await Eventually.Is(() => people.All(p => p.Saved.Count >= 5));

        await host.StopAsync();
        await asking;

        people.SelectMany(p => p.Strange).ShouldBeEmpty();
        var kept = (await database.ScalarAsync<Guid[]>("select array_agg(id) from questions.question"))!.ToHashSet();
        people.SelectMany(p => p.Saved.Values).ShouldAllBe(id => kept.Contains(id));
        await Eventually.Is(() => followers.All(f => f.AskedToReconnect > 0));
        followers.ShouldAllBe(f => f.AskedToReconnect == 1);
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_before_the_host_ends()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var link = new TcpProxy(database.Port);
        await using var host = await HostProcess.StartAsync(database.Through(link), settings: ("Database__BatchTimeoutSeconds", "60"));

        var held = link.HoldAnswerTo("In flight?");
        var asking = Lobby.AskAsync(host.Address, "In flight?", "the one");
        await held;
        host.AskToStop();
        await Eventually.Is(() => RefusesAsync(host.Address));
        asking.IsCompleted.ShouldBeFalse();
        host.HasExited.ShouldBeFalse();
        link.Release();

        (await asking).Must(201);
        await host.StoppedAsync();
        (await Lobby.CountAsync(database, "the one")).ShouldBe(1);
        (await database.ScalarAsync<long>("select count(*) from questions.outbox_owner")).ShouldBe(0);
    }

    /// <summary>The server takes no connection any more, which it only stops to do when it is on its way out.</summary>
    private static async Task<bool> RefusesAsync(Uri host)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host.Host, host.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
