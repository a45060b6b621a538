using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Streams;

/// <summary>
/// A stream somebody here follows, within one epoch: it is ordered, its last events are kept, and whoever follows
/// is woken. The pass of <see cref="Coalesced"/> wakes the followers, so that delivering costs the same for one
/// follower and for ten thousand.
/// </summary>
internal sealed partial class LiveStream : Coalesced
{
    private const int MostSignals = 16;

    private readonly Lock gate = new();
    private readonly Sequencer order;
    private readonly Hold hold;
    private readonly Pace pace;
    private readonly RecentFrames frames = new();
    private readonly Latest<Frame> signals = new(MostSignals);
    private readonly Followers followers;
    private readonly LiveStreams streams;
    private bool ended;
    private long published;
    private long head;

    public LiveStream(string name, LiveStreams streams, TimeProvider clock)
    {
        (Name, this.streams, followers) = (name, streams, new Followers(clock));
        order = new Sequencer(redacted: frames.Clear);
        hold = new Hold(clock, expired: FindGap);
        pace = new Pace(clock, due: Schedule);
    }

    public string Name { get; }

    /// <summary>The last number this process has without a hole before it.</summary>
    public long Head => Volatile.Read(ref head);

    /// <summary>
    /// Takes an event of the log in whatever order it comes. True when there is something to show:
    /// <see cref="Coalesced.Schedule"/> then does, and a duplicate wakes nobody.
    /// </summary>
    public bool Take(StreamEvent happened)
    {
        if (happened.Seq <= Head)
        {
            streams.Dropped();
            return false;
        }

        var entry = Entry.Of(happened);
        lock (gate)
        {
            if (ended)
                return false;
            var before = order.Head;
            order.Take(entry);
            Settle();
            return order.Head > before;
        }
    }

    /// <summary>Shows a signal to those who follow now, as one frame for all of them.</summary>
    public void Pass(SignalMessage signal)
    {
        if (followers.Count == 0)
            return;
        signals.Add(new SignalFrame(signal));
        Schedule();
    }

    /// <summary>False when the stream is over and another must be taken.</summary>
    public bool Follow(Subscription follower) => followers.Add(follower);

    public void Unfollow(Subscription follower) => followers.Remove(follower);

    /// <summary>Ends it if nobody has followed for <paramref name="linger"/>.</summary>
    public bool EndIfEmptyFor(TimeSpan linger)
    {
        if (!followers.EndIfEmptyFor(linger))
            return false;
        End();
        return true;
    }

    /// <summary>Everything remembered is void: the followers are told to take a snapshot. Returns how many.</summary>
    public int EndWithResync()
    {
        var told = followers.End();
        End();
        if (told.Length > 0)
        {
            var resync = new ResyncFrame(Name);
            foreach (var follower in told)
                follower.Finish(resync);
        }

        return told.Length;
    }

    protected override ValueTask RunAsync()
    {
        if (!pace.MayBegin(followers.Count))
            return default;
        lock (gate)
            published = order.Head;
        followers.Each(static (follower, passing) => follower.Wake(passing), signals.Take());
        return default;
    }

    protected override void Failed(Exception error) => streams.Failed(this, error);

    private void End()
    {
        lock (gate)
        {
            ended = true;
            hold.End();
            pace.End();
        }
    }

    private void Settle()
    {
        Volatile.Write(ref head, order.Head);
        hold.While(order.Gapped);
    }
}
