using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Modular.Kernel.Messaging;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Streams;

/// <summary>
/// A stream somebody here follows, within one epoch: it is ordered, its last events are kept, and whoever follows
/// is woken. The pass of <see cref="Coalesced"/> wakes the followers, so that delivering costs the same for one
/// follower and for ten thousand.
/// </summary>
internal sealed partial class LiveStream : Coalesced
{
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Sequencer order;
    private readonly List<Subscription> followers = [];
    private readonly LiveStreams streams;
    private readonly TimeProvider clock;
    private readonly Frame?[] frames = new Frame?[8];
    private ITimer? hold;
    private bool gapped;
    private bool ended;
    private long published;
    private long head;
    private long emptySince;
    private int nextFrame;

    public LiveStream(string name, LiveStreams streams, TimeProvider clock)
    {
        (Name, this.streams, this.clock) = (name, streams, clock);
        emptySince = clock.GetTimestamp();
        order = new Sequencer(redacted: () => Array.Clear(frames));
    }

    public string Name { get; }

    /// <summary>The last number this process has without a hole before it.</summary>
    public long Head => Volatile.Read(ref head);

    /// <summary>Takes an event of the log in whatever order it comes; <see cref="Coalesced.Signal"/> then shows it to the followers.</summary>
    public void Take(StreamEvent happened)
    {
        if (happened.Seq <= Head)
            return;
        var entry = Entry.Of(happened);
        lock (gate)
        {
            if (ended)
                return;
            order.Take(entry);
            Settle();
        }
    }

    /// <summary>The log is known to reach <paramref name="seq"/>: what is missing here is healed from it now.</summary>
    public void Expect(long seq)
    {
        lock (gate)
        {
            order.Hear(seq);
            if (ended || !order.Gapped)
                return;
        }

        FindGap();
    }

    /// <summary>
    /// Fills the hole with the log's events above <paramref name="asked"/>. False: the log no longer has them
    /// or belongs to another epoch.
    /// </summary>
    public bool Heal(long asked, StreamPage page)
    {
        lock (gate)
        {
            if (ended)
                return true;
            if (!order.Heal(asked, page))
                return false;
            Settle();
        }

        Signal();
        return true;
    }

    public bool Gapped
    {
        get
        {
            lock (gate)
                return !ended && order.Gapped;
        }
    }

    /// <summary>False when the stream is over and another must be taken.</summary>
    public bool Follow(Subscription follower)
    {
        lock (gate)
        {
            if (ended)
                return false;
            follower.Index = followers.Count;
            followers.Add(follower);
            return true;
        }
    }

    public void Unfollow(Subscription follower)
    {
        lock (gate)
        {
            if (follower.Index < 0)
                return;
            var last = followers[^1];
            (followers[follower.Index], last.Index) = (last, follower.Index);
            followers.RemoveAt(followers.Count - 1);
            follower.Index = -1;
            if (followers.Count == 0)
                emptySince = clock.GetTimestamp();
        }
    }

    /// <summary>Ends it if nobody has followed for <paramref name="linger"/>.</summary>
    public bool EndIfEmptyFor(TimeSpan linger)
    {
        lock (gate)
        {
            if (followers.Count > 0 || clock.GetElapsedTime(emptySince) < linger)
                return false;
            End();
            return true;
        }
    }

    /// <summary>Everything remembered is void: the followers are told to take a snapshot. Returns how many.</summary>
    public int EndWithResync()
    {
        Subscription[] told;
        lock (gate)
        {
            if (ended)
                return 0;
            End();
            told = [.. followers];
        }

        if (told.Length > 0)
        {
            var resync = HubFrames.Resync(Name);
            foreach (var follower in told)
                follower.Finish(resync);
        }

        return told.Length;
    }

    protected override ValueTask RunAsync()
    {
        Subscription[] waking;
        int count;
        lock (gate)
        {
            published = order.Head;
            count = followers.Count;
            waking = ArrayPool<Subscription>.Shared.Rent(count);
            followers.CopyTo(waking);
        }

        for (var i = 0; i < count; i++)
            waking[i].Wake();
        ArrayPool<Subscription>.Shared.Return(waking, clearArray: true);
        return default;
    }

    protected override void Failed(Exception error) => streams.Failed(this, error);

    private void End()
    {
        ended = true;
        hold?.Dispose();
    }

    private void Settle()
    {
        Volatile.Write(ref head, order.Head);
        if (gapped == order.Gapped)
            return;
        gapped = order.Gapped;
        if (gapped)
            (hold ??= clock.CreateTimer(static s => ((LiveStream)s!).FindGap(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
                .Change(Hold, Timeout.InfiniteTimeSpan);
        else
            hold?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void FindGap()
    {
        if (Gapped)
            streams.Heal(this);
    }
}
