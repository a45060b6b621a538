using System.Buffers;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Streams;

/// <summary>Who follows a stream here, until it is over. Coming and going costs the same for one and for ten thousand.</summary>
internal sealed class Followers(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<Subscription> all = [];
    private long emptySince = clock.GetTimestamp();
    private bool over;

    public int Count
    {
        get
        {
            lock (gate)
                return all.Count;
        }
    }

    /// <summary>False when the stream is over.</summary>
    public bool Add(Subscription follower)
    {
        lock (gate)
        {
            if (over)
                return false;
            follower.Index = all.Count;
            all.Add(follower);
            return true;
        }
    }

    public void Remove(Subscription follower)
    {
        lock (gate)
        {
            if (follower.Index < 0)
                return;
            var last = all[^1];
            (all[follower.Index], last.Index) = (last, follower.Index);
            all.RemoveAt(all.Count - 1);
            follower.Index = -1;
            if (all.Count == 0)
                emptySince = clock.GetTimestamp();
        }
    }

    /// <summary>The stream is over; who followed it.</summary>
    public Subscription[] End()
    {
        lock (gate)
        {
            if (over)
                return [];
            over = true;
            return [.. all];
        }
    }

    /// <summary>Over, if nobody has followed for <paramref name="linger"/>.</summary>
    public bool EndIfEmptyFor(TimeSpan linger)
    {
        lock (gate)
        {
            if (all.Count > 0 || clock.GetElapsedTime(emptySince) < linger)
                return false;
            return over = true;
        }
    }

    /// <summary>Visits a copy, so that nobody who comes or goes waits for ten thousand.</summary>
    public void Each<T>(Action<Subscription, T> visit, T with)
    {
        Subscription[] visited;
        int count;
        lock (gate)
        {
            count = all.Count;
            visited = ArrayPool<Subscription>.Shared.Rent(count);
            all.CopyTo(visited);
        }

        for (var i = 0; i < count; i++)
            visit(visited[i], with);
        ArrayPool<Subscription>.Shared.Return(visited, clearArray: true);
    }
}
