using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;

namespace Modular.Notifications.Streams;

/// <summary>
/// Fills holes from the log, beside whoever delivers: one query for all gapped streams, a hundred at a time, because after a
/// broker was away it may be every stream. The database being away is waited out; only the log itself can say that a hole cannot be filled.
/// </summary>
internal sealed class Healer(Lazy<IStreams> log, TimeProvider clock, Action<LiveStream> lose, Meters meters, ILogger logger) : Coalesced
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<LiveStream, long> gapped = [];
    private TimeSpan pause = Shortest;

    public void Add(LiveStream stream)
    {
        lock (gate)
        {
            if (!gapped.TryAdd(stream, clock.GetTimestamp()))
                return;
        }

        meters.GapFound();
        Schedule();
    }

    protected override async ValueTask RunAsync()
    {
        List<(LiveStream Stream, long After)> asked;
        lock (gate)
            asked = [.. gapped.Keys.Take(MostAtOnce).Select(s => (s, s.Head))];
        if (asked.Count == 0)
            return;
        var pages = await log.Value.ReadManyAsync([.. asked.Select(a => (a.Stream.Name, a.After))], Ring.Capacity, CancellationToken.None);
        var moved = false;
        foreach (var (stream, after) in asked)
        {
            // No page: nothing above is kept. Only the stream's own page tells a trimmed log from a false alarm.
            var page = pages.GetValueOrDefault(stream.Name) ?? await log.Value.ReadAsync(stream.Name, after, Ring.Capacity, CancellationToken.None);
            var held = stream.Heal(after, page);
            if (!held)
                lose(stream);
            moved |= stream.Head > after || !stream.Gapped;
            if (!stream.Gapped)
                Done(stream, healed: held);
        }

        if (moved)
            pause = Shortest;
        if (AnyLeft)
            Again(moved ? TimeSpan.Zero : Longer());
    }

    protected override void Failed(Exception error)
    {
        logger.LogWarning(error, "The log cannot be read to fill holes; trying again in {Pause}", pause);
        Again(Longer());
    }

    private bool AnyLeft
    {
        get
        {
            lock (gate)
                return gapped.Count > 0;
        }
    }

    private TimeSpan Longer()
    {
        var now = pause;
        pause = pause * 2 < Longest ? pause * 2 : Longest;
        return now;
    }

    private void Done(LiveStream stream, bool healed)
    {
        long found;
        lock (gate)
            gapped.Remove(stream, out found);
        meters.GapEnded(clock.GetElapsedTime(found), healed);
        if (stream.Gapped)                                   // a new hole, whose Add found the stream still in the set
            Add(stream);
    }

    private void Again(TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
            Schedule();
        else
            _ = ScheduleLaterAsync(delay);
    }

    private async Task ScheduleLaterAsync(TimeSpan delay)
    {
        await Task.Delay(delay, clock);
        Schedule();
    }
}
