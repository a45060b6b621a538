using System.Diagnostics;
using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>
/// People on all replicas who ask in one room, make others and follow what is asked, at a rate that leaves the machine idle most of
/// the time, while something happens to the servers; and whoever looks whether the replicas say they are ready.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource enough = new();
    private readonly Replicas replicas;
    private readonly Guid room;
    private readonly Follower[] followers;
    private readonly Poster[] people;
    private readonly Poster[] hosts;
    private readonly QuietRoom quiet;
    private readonly Readiness[] readiness;
    private readonly Task posting;

    private Crowd(Replicas replicas, Guid room, Follower[] followers, Poster[] people, Poster[] hosts, QuietRoom quiet)
    {
        (this.replicas, this.room, this.followers, this.people, this.hosts, this.quiet) = (replicas, room, followers, people, hosts, quiet);
        readiness = [.. replicas.All.Select(r => new Readiness(r.Address))];
        posting = Task.WhenAll([
            .. people.Select(p => p.KeepAskingAsync(Pause, enough.Token)), .. hosts.Select(h => h.KeepMakingRoomsAsync(Pause, enough.Token)),
            .. readiness.Select(r => r.WatchAsync(enough.Token))]);
    }

    public IEnumerable<Poster> Everybody => people.Concat(hosts);

    public IReadOnlyList<Readiness> Readiness => readiness;

    /// <summary>Of all answers so far.</summary>
    public TimeSpan Slowest => Everybody.Max(p => p.Slowest);

    public static async Task<Crowd> StartAsync(Replicas replicas)
    {
        var own = await replicas.RoomAsync();
        var crowd = new Crowd(
            replicas, own, await replicas.FollowersAsync(5, own), await replicas.PostersAsync(6, own), await replicas.PostersAsync(1, own),
            await QuietRoom.OpenAsync(replicas));
        await crowd.GoesOnAsync();
        return crowd;
    }

    /// <summary>Everybody has had success three times more.</summary>
    public Task GoesOnAsync()
    {
        var before = Everybody.Select(Successes).ToArray();
        return Eventually.Is(() => Everybody.Zip(before).All(p => Successes(p.First) >= p.Second + 3), what: "everybody goes on");
    }

    /// <summary>Until everything that is committed now has reached all followers and handlers and been confirmed, and what is new goes through the broker again.</summary>
    public async Task<Recovery> CaughtUpAsync(TimeSpan within)
    {
        var began = Stopwatch.GetTimestamp();
        var (head, at) = (await replicas.ScalarAsync<long>($"select head from questions.streams where name = 'questions/{room}'"), await replicas.ScalarAsync<DateTime>("select now()"));
        var followed = replicas.All.Select((_, n) => Took(Eventually.Is(() => FollowersOf(n).All(f => f.Count >= head), within, $"followers of replica {n} have seen it")));
        var live = Took(quiet.IsLiveAsync());
        var handled = Took(Eventually.Is(async () => await replicas.UnhandledAsync(before: at) == 0, within, "handlers have taken it"));
        var told = Took(Eventually.Is(async () => await replicas.UndeliveredAsync(before: at) == 0, within, "the outbox is empty of it"));
        return new Recovery(await Task.WhenAll(followed), await live, await handled, await told, Slowest);

        async Task<TimeSpan> Took(Task fact)
        {
            await fact;
            return Stopwatch.GetElapsedTime(began);
        }
    }

    /// <summary>Nobody posts any more, and what was posted has arrived: in one order, gapless, once.</summary>
    public async Task EndAsync()
    {
        await enough.CancelAsync();
        await posting;
        Everybody.SelectMany(p => p.Strange).ShouldBeEmpty();
        await Lobby.AllSeeTheSameAsync(followers, people);
        await quiet.EndAsync();
        await Eventually.Is(async () => await replicas.UnhandledAsync() == 0 && await replicas.UndeliveredAsync() == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await posting;
        foreach (var follower in followers)
            await follower.DisposeAsync();
        await quiet.DisposeAsync();
        enough.Dispose();
    }

    private static int Successes(Poster person) => person.Saved.Count + person.Rooms.Count;

    private Follower[] FollowersOf(int replica) => followers.Chunk(followers.Length / replicas.All.Count).ElementAt(replica);
}

/// <summary>How long after a fault all that was committed by then had arrived, and new events were seen on the other replicas at once.</summary>
internal sealed record Recovery(TimeSpan[] Followers, TimeSpan Live, TimeSpan Handlers, TimeSpan Outbox, TimeSpan SlowestPost)
{
    public override string ToString() =>
        $"followers {string.Join(" / ", Followers.Select(f => $"{f.TotalSeconds:0.0}"))} s, live {Live.TotalSeconds:0.0} s, handlers {Handlers.TotalSeconds:0.0} s, outbox {Outbox.TotalSeconds:0.0} s; slowest post {SlowestPost.TotalMilliseconds:0} ms";
}
