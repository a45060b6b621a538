namespace Modular.Notifications.Streams;

/// <summary>
/// Gives a hole 50 ms to close by itself: what two replicas commit comes here by two ways. Not thread-safe: its
/// stream's lock guards it.
/// </summary>
internal sealed class Hold(TimeProvider clock, Action expired)
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(50);

    private ITimer? timer;
    private bool running;

    public void While(bool gapped)
    {
        if (running == gapped)
            return;
        running = gapped;
        timer ??= clock.CreateTimer(static run => ((Action)run!)(), expired, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(gapped ? Time : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void End() => timer?.Dispose();
}
