using Modular.Kernel.Messaging;

namespace Modular.Notifications.Streams;

/// <summary>How a stream finds a hole and fills it from the log.</summary>
internal sealed partial class LiveStream
{
    public bool Gapped
    {
        get
        {
            lock (gate)
                return !ended && order.Gapped;
        }
    }

    /// <summary>The log is known to reach <paramref name="seq"/>: what is missing here is healed from it now.</summary>
    public void Expect(long seq)
    {
        lock (gate)
            order.Hear(seq);
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

        Schedule();
        return true;
    }

    private void FindGap()
    {
        if (Gapped)
            streams.Heal(this);
    }
}
