namespace Modular.Notifications.Sockets;

/// <summary>Twenty calls a second that make the server work, twenty at once. One connection's calls come one after the other, so it needs no lock.</summary>
internal sealed class CallRate(TimeProvider clock)
{
    private const double PerSecond = 20;

    private double left = PerSecond;
    private long since = clock.GetTimestamp();

    public bool Take()
    {
        var now = clock.GetTimestamp();
        left = Math.Min(PerSecond, left + (clock.GetElapsedTime(since, now).TotalSeconds * PerSecond));
        since = now;
        if (left < 1)
            return false;
        left--;
        return true;
    }
}
