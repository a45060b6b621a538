using System.Runtime.CompilerServices;

namespace Modular.Testing;

/// <summary>Time that moves only when a test says so; due timers run inside <see cref="Advance"/>, in order.</summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>What is due so much later, once; as long as it is the same, it is equal.</summary>
    public IReadOnlyList<object> Waiting(TimeSpan later)
    {
        lock (gate)
            return [.. timers.Where(t => t.Period <= TimeSpan.Zero && t.Due == now + later)];
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (Take(end) is { } due)
            due();
        lock (gate)
            now = now > end ? now : end;
    }

    /// <summary>
    /// Time passes until it is so, a good deal faster than it does: for what is done after a pause. On threads of its own, because what is
    /// due may run into something that the test holds, or that waits for something else that is due.
    /// </summary>
    public Task UntilAsync(Func<Task<bool>> fact, [CallerArgumentExpression(nameof(fact))] string what = "")
    {
        var passing = new List<Task>();
        return Eventually.Is(
            async () =>
            {
                if (await fact())
                    return true;
                await Task.WhenAll(passing.Where(p => p.IsCompleted));
                passing.RemoveAll(p => p.IsCompleted);
                passing.Add(Task.Run(() => Advance(TimeSpan.FromMilliseconds(250))));
                return false;
            }, what: what);
    }

    public Task UntilAsync(Func<bool> fact, [CallerArgumentExpression(nameof(fact))] string what = "") => UntilAsync(() => Task.FromResult(fact()), what);

    /// <summary>Time has passed at once, as for a process that was suspended; what was due runs once, afterwards.</summary>
    public void Leap(TimeSpan by)
    {
        lock (gate)
        {
            now += by;
            foreach (var timer in timers)
                timer.Due = timer.Due < now ? now : timer.Due;
        }

        Advance(TimeSpan.Zero);
    }

    private Action? Take(DateTimeOffset end)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null)
                return null;
            now = next.Due > now ? next.Due : now;
            if (next.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else
                timers.Remove(next);
            return next.Callback;
        }
    }

    private sealed class Timer(ManualClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Due, Period) = (clock.now + dueTime, period);
                clock.timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
