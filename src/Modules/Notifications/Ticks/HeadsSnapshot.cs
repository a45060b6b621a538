using System.Collections.Concurrent;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Ticks;

/// <summary>The heads of all followed streams as the log had them at one moment.</summary>
internal sealed class HeadsSnapshot(IReadOnlyDictionary<LiveStream, long> heads)
{
    private readonly ConcurrentDictionary<string, Frame> frames = new(StringComparer.Ordinal);

    /// <summary>What has not come by itself since the heads were read is not on its way any more.</summary>
    public void HealWhatIsMissing()
    {
        foreach (var (stream, head) in heads)
        {
            if (stream.Head < head)
                stream.Expect(head);
        }
    }

    /// <summary>
    /// The frame for these subscriptions, shared by all connections that follow the same streams; null when there is
    /// nothing to tell. A stream of which events are still on the way is left out: heads come behind what they count.
    /// </summary>
    public Frame? For(Subscription[] subscriptions)
    {
        var told = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var subscription in subscriptions)
        {
            if (subscription is { IsOpen: true, Last: null } && heads.TryGetValue(subscription.Stream, out var head) && subscription.Cursor >= head)
                told[subscription.Stream.Name] = head;
        }

        return told.Count == 0 ? null : frames.GetOrAdd(string.Join('\n', told.Keys), static (_, told) => new HeadsFrame(told), told);
    }
}
