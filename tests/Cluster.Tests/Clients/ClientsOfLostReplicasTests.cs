using Modular.Testing;

namespace Modular.Cluster.Tests.Clients;

/// <summary>Clients without SignalR, when one of two replicas goes.</summary>
public sealed class ClientsOfLostReplicasTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    [Theory]
    [InlineData(true, 1006)]
    [InlineData(false, 1012)]
    public async Task Clients_of_a_replica_that_dies_or_leaves_go_on_at_the_other_with_nothing_missing_and_nothing_twice(bool killed, int code)
    {
        await using var replicas = await Replicas.StartAsync(2);
        using var enough = new CancellationTokenSource();
        var stays = await Poster.SeveralAsync(4, replicas.B.Address);
        var goes = await Poster.SeveralAsync(4, replicas.A.Address);
        var first = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PlainSocket.OpenAsync(replicas.A.Address, "?after=" + Lobby.Stream + "@0")));
        var asking = Task.WhenAll([.. stays.Select(p => p.KeepAskingAsync(Pause, enough.Token)), .. goes.Select(p => p.AskUntilGoneAsync(Pause))]);
        await Eventually.Is(() => first.All(s => s.Of("newquestion").Count >= 50));

        await (killed ? replicas.A.Host.KillAsync() : replicas.A.Host.StopAsync());
        (await Task.WhenAll(first.Select(s => s.ClosedAsync()))).ShouldAllBe(c => c.Code == code);
        var second = await Task.WhenAll(first.Select(s => PlainSocket.OpenAsync(replicas.B.Address, $"?after={Lobby.Stream}@{s.Numbers(Lobby.Stream)[^1]}")));
        var seen = await replicas.ScalarAsync<long>($"select head from questions.streams where name = '{Lobby.Stream}'");
        await Eventually.Is(() => second.All(s => s.Numbers(Lobby.Stream) is [.., var last] && last > seen + 50));
        await enough.CancelAsync();
        await asking;

        var head = await replicas.ScalarAsync<long>($"select head from questions.streams where name = '{Lobby.Stream}'");
        output.WriteLine($"{head} questions; {seen} when the clients were back, who had seen {string.Join(", ", first.Select(s => s.Numbers(Lobby.Stream)[^1]))}");
        await Eventually.Is(() => second.All(s => s.Numbers(Lobby.Stream)[^1] == head));
        foreach (var (before, after) in first.Zip(second))
        {
            before.Numbers(Lobby.Stream).Concat(after.Numbers(Lobby.Stream)).ShouldBe(Enumerable.Range(1, (int)head).Select(n => (long)n));
            var subjects = before.Of("newquestion").Concat(after.Of("newquestion")).Select(q => q.GetProperty("data").GetProperty("id").GetGuid()).ToHashSet();
            stays.Concat(goes).SelectMany(p => p.Saved.Values).ShouldAllBe(saved => subjects.Contains(saved));
            after.Of("resync").ShouldBeEmpty();
        }

        foreach (var socket in first.Concat(second))
            await socket.DisposeAsync();
        await replicas.StopAsync();
    }
}
