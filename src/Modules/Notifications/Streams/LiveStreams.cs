using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Kernel.Messaging.Signals;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;

namespace Modular.Notifications.Streams;

/// <summary>The streams that connections of this process follow. Delivering touches memory only.</summary>
internal sealed class LiveStreams : ILiveSink
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, LiveStream> streams = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private readonly Meters meters;
    private readonly ILogger<LiveStreams> logger;
    private readonly Healer healer;

    public LiveStreams(Lazy<IStreams> log, TimeProvider clock, Meters meters, ILogger<LiveStreams> logger)
    {
        (this.clock, this.meters, this.logger) = (clock, meters, logger);
        healer = new Healer(log, clock, Lose, meters, logger);
    }

    public ICollection<LiveStream> Followed => streams.Values;

    public void Deliver(IReadOnlyList<StreamEvent> events)
    {
        LiveStream? current = null;
        var moved = false;
        for (var i = 0; i < events.Count; i++)
        {
            var happened = events[i];
            if (current is null || !string.Equals(current.Name, happened.Stream, StringComparison.Ordinal))
            {
                if (moved)
                    current?.Schedule();
                (current, moved) = (streams.GetValueOrDefault(happened.Stream), false);
            }

            moved |= current?.Take(happened) ?? false;
        }

        if (moved)
            current?.Schedule();
    }

    public void EpochChanged(string module)
    {
        logger.LogWarning("The epoch of {Module} changed: its followers take a snapshot", module);
        foreach (var stream in streams.Values)
        {
            if (stream.Name.AsSpan().StartsWith(module, StringComparison.Ordinal) && stream.Name.AsSpan(module.Length).StartsWith("/", StringComparison.Ordinal))
                Lose(stream);
        }
    }

    public void Signal(SignalMessage signal) => streams.GetValueOrDefault(signal.Stream)?.Pass(signal);

    /// <summary>Registers a subscription with the stream <paramref name="name"/> of now; from here on its events are kept.</summary>
    public LiveStream Follow(string name, Func<LiveStream, Subscription> subscribe, out Subscription subscription)
    {
        while (true)
        {
            var stream = streams.GetOrAdd(name, static (n, self) => new LiveStream(n, self, self.clock), this);
            subscription = subscribe(stream);
            if (stream.Follow(subscription))
                return stream;
            Forget(stream);
        }
    }

    public void Heal(LiveStream stream) => healer.Add(stream);

    /// <summary>Nobody can be brought from where they are to now: they are told.</summary>
    public void Lose(LiveStream stream)
    {
        Forget(stream);
        var told = stream.EndWithResync();
        meters.Resynced(told);
        if (told > 0)
            logger.LogInformation("{Stream} cannot be continued; {Count} subscriptions take a snapshot", stream.Name, told);
    }

    /// <summary>As <see cref="Lose"/> for one subscription whose place the log no longer holds.</summary>
    public void Resync(Subscription subscription)
    {
        subscription.Finish(new ResyncFrame(subscription.Stream.Name));
        meters.Resynced(1);
    }

    /// <summary>Lets go of rings nobody has read for a minute: long enough for everybody to come back after a blip.</summary>
    public void DropUnused()
    {
        foreach (var stream in streams.Values)
        {
            if (stream.EndIfEmptyFor(Linger))
                Forget(stream);
        }
    }

    /// <summary>A frame was made, for all connections at its place.</summary>
    public void Framed(int events) => meters.Framed(events);

    /// <summary>An event has come again.</summary>
    public void Dropped() => meters.Duplicate();

    public void Failed(LiveStream stream, Exception error) => logger.LogError(error, "Waking the followers of {Stream} failed", stream.Name);

    private void Forget(LiveStream stream) => streams.TryRemove(KeyValuePair.Create(stream.Name, stream));
}
