using System.Threading.RateLimiting;

namespace Modular.Kernel.Web.Limits;

/// <summary>
/// One person's or address's token bucket. It is one number, when the bucket will be full again, and what is in it follows from the
/// clock. The framework's own bucket is refilled by a timer and knows when the next token comes to a period only, which for six
/// a minute would send people away for ten seconds where one was enough.
/// </summary>
internal sealed class Budget : RateLimiter
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly int most;
    private readonly double perPermit;
    private readonly long born;
    private double fullAt;

    public Budget(LimitRule rule, TimeProvider clock)
    {
        (this.clock, most) = (clock, rule.Most);
        perPermit = rule.Per.TotalSeconds * clock.TimestampFrequency / rule.Permits;
        born = clock.GetTimestamp();
    }

    /// <summary>Full for so long: whoever holds the buckets may forget this one.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (gate)
                return Now - fullAt is >= 0 and var idle ? Time(idle) : null;
        }
    }

    public override RateLimiterStatistics GetStatistics()
    {
        lock (gate)
            return new RateLimiterStatistics { CurrentAvailablePermits = Left(Now) };
    }

    /// <summary>For what has been taken and turned out not to be needed.</summary>
    public void GiveBack()
    {
        lock (gate)
            fullAt -= perPermit;
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            var now = Now;
            var needed = Math.Max(permitCount, 1);
            var enough = Left(now) >= needed;
            if (enough)
                fullAt = Math.Max(fullAt, now) + permitCount * perPermit;
            var wait = enough ? 0 : fullAt - now - (most - needed) * perPermit;
            return new Taking(this, enough, most, Left(now), Time(Math.Max(0, fullAt - now)), Time(wait));
        }
    }

    /// <summary>Nobody queues: a request that waits holds a connection.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

    /// <summary>Counted from its birth: as large as the clock's own, a fraction would get lost in it.</summary>
    private long Now => clock.GetTimestamp() - born;

    // A millionth of a permit is what adding up may have lost: one that is due is there.
    private int Left(long now) => most - (int)Math.Ceiling(Math.Max(0, fullAt - now) / perPermit - 1e-6);

    private TimeSpan Time(double timestamps) => TimeSpan.FromSeconds(timestamps / clock.TimestampFrequency);
}

/// <summary>What came of asking a <see cref="Budget"/>.</summary>
/// <param name="Most">Permits in the full bucket.</param>
/// <param name="Left">Permits in it now.</param>
/// <param name="Reset">Until it is full again.</param>
/// <param name="Wait">Until the permit that was refused would be there.</param>
internal sealed class Taking(Budget from, bool acquired, int most, int left, TimeSpan reset, TimeSpan wait) : RateLimitLease
{
    public override bool IsAcquired => acquired;

    public int Most => most;

    public int Left => left;

    public TimeSpan Reset => reset;

    public TimeSpan Wait => wait;

    public override IEnumerable<string> MetadataNames => acquired ? [] : [MetadataName.RetryAfter.Name];

    public void GiveBack() => from.GiveBack();

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = !acquired && metadataName == MetadataName.RetryAfter.Name ? wait : null;
        return metadata is not null;
    }
}
