using Modular.Testing;

namespace Modular.Cluster.Tests;

/// <summary>
/// A room that is followed on every replica and in which nobody else asks. So an event of one replica shows itself on
/// the others by what the broker brings, or by the heads that are read every 5 s; where a stream is busy, the next event shows the hole.
/// </summary>
internal sealed class QuietRoom : IAsyncDisposable
{
    /// <summary>By heads alone a round takes 5 s at least, so one of two steps is not as quick as this.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2.4);

    private readonly Replicas replicas;
    private readonly Guid room;
    private readonly Follower[] followers;
    private int asked;

    private QuietRoom(Replicas replicas, Guid room, Follower[] followers) => (this.replicas, this.room, this.followers) = (replicas, room, followers);

    public static async Task<QuietRoom> OpenAsync(Replicas replicas)
    {
        var made = await replicas.RoomAsync();
        return new QuietRoom(replicas, made, await Task.WhenAll(replicas.All.Select(r => Follower.OfAsync(r.Address, $"questions/{made}"))));
    }

    /// <summary>Asks on <paramref name="replica"/>, and answers when it has been seen on <paramref name="other"/>.</summary>
    public async Task AskAsync(Replica replica, Replica other, TimeSpan? within = null)
    {
        using var somebody = new Browser(replica.Address);
        var question = new { body = "Does it arrive?", room, clientId = $"{asked++}" };
        // A database that has just come back may still be away for one question.
        var answer = await Eventually.Returns("the question is taken", async () => await somebody.Post("/api/questions", question) is { Status: not 503 } one ? one : null);
        answer.Status.ShouldBeOneOf(200, 201);
        await followers[replicas.All.IndexOf(other)].SeesAsync(asked, within);
    }

    /// <summary>Until what is asked on each replica is seen on the next at once, three times in a row: never by chance of when heads are read.</summary>
    public async Task IsLiveAsync()
    {
        var row = 0;
        await Eventually.Is(async () => (row = await IsSeenAtOnceAsync() ? row + 1 : 0) == 3, Timing.Recovery, "what is asked on a replica is seen on the next at once");
    }

    /// <summary>Everybody has seen everything once and in order.</summary>
    public async Task EndAsync()
    {
        foreach (var follower in followers)
        {
            await follower.SeesAsync(asked);
            follower.Numbers.ShouldBe(Enumerable.Range(1, asked).Select(n => (long)n));
            follower.Lost.ShouldBe(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }

    private async Task<bool> IsSeenAtOnceAsync()
    {
        for (var n = 0; n < replicas.All.Count; n++)
        {
            try
            {
                await AskAsync(replicas.All[n], replicas.All[(n + 1) % replicas.All.Count], AtOnce);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return true;
    }
}
