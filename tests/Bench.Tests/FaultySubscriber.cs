using System.Threading.Channels;

namespace Modular.Bench.Tests;

internal enum Fault
{
    None,
    Lose,
    Double,

    /// <summary>The next event overtakes it.</summary>
    Swap,
}

/// <summary>What one subscriber of a <see cref="FaultyServer"/> is sent, and what was done wrong to it.</summary>
/// <param name="faults">By the event's number.</param>
internal sealed class FaultySubscriber(Func<long, Fault> faults)
{
    private readonly Channel<string[]> frames = Channel.CreateUnbounded<string[]>();
    private string? held;

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    public int Swapped { get; private set; }

    /// <summary>What goes out together, in order.</summary>
    public ChannelReader<string[]> Frames => frames.Reader;

    /// <summary>Held back for a next event that never came: lost as well.</summary>
    public int Forgotten => held is null ? 0 : 1;

    public void Publish(long seq, string happened)
    {
        var fault = faults(seq);
        if (fault is Fault.Lose)
        {
            Lost++;
            return;
        }

        if (fault is Fault.Swap)
        {
            held = happened;
            return;
        }

        Doubled += fault is Fault.Double ? 1 : 0;
        Swapped += held is null ? 0 : 1;
        string[] sent = [happened, .. fault is Fault.Double ? [happened] : Array.Empty<string>(), .. held is null ? [] : new[] { held }];
        held = null;
        frames.Writer.TryWrite(sent);
    }
}
