namespace Modular.Notifications.Streams;

/// <summary>
/// How soon after others a fan-out may begin. To write to one follower costs 15 to 20 µs of processor (measured), so a stream
/// with a thousand could keep two processors busy with frames of one or two events, and the requests that make the events would wait.
/// What comes meanwhile leaves with the next one. A few may come close together; few followers, or more processors: no wait at all.
/// </summary>
internal sealed class Pace(TimeProvider clock, Action due)
{
    private const double MicrosecondsEach = 30;
    private const int Together = 2;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private long last = clock.GetTimestamp();
    private TimeSpan owed;
    private ITimer? timer;

    /// <summary>False when it is too soon; <c>due</c> is called when it is time. By one caller at a time.</summary>
    public bool MayBegin(int followers)
    {
        var cost = TimeSpan.FromMicroseconds(followers * MicrosecondsEach / Environment.ProcessorCount);
        if (cost < Shortest)
            return true;
        var now = clock.GetTimestamp();
        owed -= clock.GetElapsedTime(last, now);
        owed = owed > TimeSpan.Zero ? owed : TimeSpan.Zero;
        last = now;
        var early = owed - (cost * Together);
        if (early > TimeSpan.Zero)
        {
            timer ??= clock.CreateTimer(static run => ((Action)run!)(), due, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(early, Timeout.InfiniteTimeSpan);
            return false;
        }

        owed += cost;
        return true;
    }

    public void End() => timer?.Dispose();
}
