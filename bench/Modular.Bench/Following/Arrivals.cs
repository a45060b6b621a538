using System.Buffers.Text;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Following;

/// <summary>What one subscriber has received of one measurement, held against what was asked: each event once, none missing, in order.</summary>
/// <param name="measurement">Events of other measurements do not count.</param>
/// <param name="latencies">Of all subscribers.</param>
internal sealed class Arrivals(int measurement, int askers, Latencies latencies)
{
    private readonly long[] newest = new long[askers];
    private HashSet<(int Asker, long Number)>? missing;

    /// <summary>The highest number of an event; 0 where events have none.</summary>
    public long NewestSeq { get; private set; }

    /// <summary>What is due in it counts; set before anything is asked.</summary>
    public Window Window { get; set; } = new(0, 0);

    public long Distinct { get; private set; }

    public long Doubled { get; private set; }

    /// <summary>Came after a later one of the same asker, who asked it earlier and had the answer; or, where events are numbered, after a higher number.</summary>
    public long Disordered { get; private set; }

    /// <summary>Stands for all that arrived in the order it first arrived in: equal for two subscribers who saw the same.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Asked and not arrived.</summary>
    /// <param name="asked">How many each asker has asked; they number theirs from 1.</param>
    public long Lost(IReadOnlyList<long> asked) => asked.Sum() - Distinct;

    /// <summary>Takes a message that arrived at <paramref name="arrived"/>; what is no event of a question it skips.</summary>
    public void Take(ReadOnlySpan<byte> message, long arrived)
    {
        for (var at = message.IndexOf(Mark.Lead); at >= 0; at = message.IndexOf(Mark.Lead))
        {
            var seq = SeqIn(message[..at]);
            message = message[(at + Mark.Lead.Length)..];
            if (Mark.Read(message) is var mark && mark.Measurement == measurement && Take(mark, seq))
                latencies.AddDue(mark.Instant, arrived, Window);
        }
    }

    private bool Take(Mark mark, long? seq)
    {
        if (mark.Number <= newest[mark.Asker] && missing?.Remove((mark.Asker, mark.Number)) is not true)
        {
            Doubled++;
            return false;
        }

        Distinct++;
        Sequence = ((Sequence ^ ((ulong)mark.Asker << 40) ^ (ulong)mark.Number) * 0x9E3779B97F4A7C15) + 1;
        if (mark.Number <= newest[mark.Asker] || seq <= NewestSeq)
            Disordered++;
        for (var skipped = newest[mark.Asker] + 1; skipped < mark.Number; skipped++)
            (missing ??= []).Add((mark.Asker, skipped));
        newest[mark.Asker] = Math.Max(newest[mark.Asker], mark.Number);
        NewestSeq = Math.Max(NewestSeq, seq ?? 0);
        return true;
    }

    /// <summary>The event's number, which stands before its data; null where events have none.</summary>
    private static long? SeqIn(ReadOnlySpan<byte> before) =>
        before.LastIndexOf("\"seq\":"u8) is >= 0 and var at && Utf8Parser.TryParse(before[(at + 6)..], out long seq, out _) ? seq : null;
}
