using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>One replica loses the broker and the other does not.</summary>
[Collection<RunningReplicas>]
public sealed class DeafReplicaTests(RunningReplicas running, ITestOutputHelper output)
{
    private readonly Replicas replicas = running.Replicas;

    [Fact]
    public async Task A_replica_without_a_broker_shows_from_the_log_what_others_commit_and_they_what_it_commits()
    {
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.IsLiveAsync();

        replicas.B.Link.Swallow();
        try
        {
            await output.TookAsync("seen on B", quiet.AskAsync(replicas.A, replicas.B));
            await output.TookAsync("seen on A", quiet.AskAsync(replicas.B, replicas.A));
        }
        finally
        {
            replicas.B.Link.Release();
            await output.TookAsync("live", quiet.IsLiveAsync());
        }

        await quiet.EndAsync();
    }

    [Fact]
    public async Task A_replica_to_which_the_broker_brings_nothing_is_not_ready_while_another_hears()
    {
        await using var quiet = await QuietRoom.OpenAsync(replicas);
        await quiet.IsLiveAsync();
        var live = (await running.Broker.BindingsAsync())
            .Where(b => b.From.EndsWith(".events", StringComparison.Ordinal) && b.To.StartsWith("live.", StringComparison.Ordinal)).ToLookup(b => b.To);
        live.Count.ShouldBe(2, "each has a live queue of its own");
        using var enough = new CancellationTokenSource();
        var (a, b) = (new Readiness(replicas.A.Address), new Readiness(replicas.B.Address));
        var watching = Task.WhenAll(a.WatchAsync(enough.Token), b.WatchAsync(enough.Token));

        await running.Broker.UnbindAsync(live.First());
        try
        {
            await output.TookAsync("not ready", Eventually.Is(() => a.Refusals.Count + b.Refusals.Count > 0, Timing.Recovery));
            var (deaf, hears) = a.Refusals.Count > 0 ? (replicas.A, replicas.B) : (replicas.B, replicas.A);
            await quiet.AskAsync(hears, deaf);
        }
        finally
        {
            await running.Broker.BindAsync(live.First());
            await output.TookAsync("live", quiet.IsLiveAsync());
            await Task.WhenAll(replicas.All.Select(r => r.Host.ReadyAsync()));
            await enough.CancelAsync();
            await watching;
        }

        Math.Min(a.Refusals.Count, b.Refusals.Count).ShouldBe(0, "the other one was ready all the time");
        a.Refusals.Concat(b.Refusals).ShouldAllBe(r => r.EndsWith("The message broker takes what this process publishes, but brings it nothing.", StringComparison.Ordinal));
        await quiet.EndAsync();
    }
}
