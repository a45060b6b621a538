using System.Buffers.Text;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>What one subscriber has received of one measurement, held against what was asked: each event once, none missing, in order.</summary>
/// <param name="measurement">Events of other measurements do not count.</param>
internal sealed class Arrivals(int measurement, int askers)
{
    private readonly long[] newest = new long[askers];
    private readonly HashSet<(int Asker, long Number)> missing = [];
    private long newestSeq;

    public Latencies Latencies { get; } = new();

    public long Distinct { get; private set; }

    public long Doubled { get; private set; }

    /// <summary>Came after a later one of the same asker, who asked it earlier and had the answer; or, where events are numbered, after a higher number.</summary>
    public long Disordered { get; private set; }

    /// <summary>Asked and not arrived.</summary>
    /// <param name="asked">How many each asker has asked; they number theirs from 1.</param>
    public long Lost(IReadOnlyList<long> asked) => asked.Sum() - Distinct;

    /// <summary>Takes a hub message that arrived at <paramref name="arrived"/>; what is no event of a question it skips.</summary>
    public void Take(ReadOnlySpan<byte> message, long arrived, Window window)
    {
        for (var at = message.IndexOf(Mark.Lead); at >= 0; at = message.IndexOf(Mark.Lead))
        {
            var seq = SeqIn(message[..at]);
            message = message[(at + Mark.Lead.Length)..];
            if (Mark.Read(message) is var mark && mark.Measurement == measurement && Take(mark, seq))
                Latencies.AddDue(mark.Instant, arrived, window);
        }
    }

    private bool Take(Mark mark, long? seq)
    {
        if (mark.Number <= newest[mark.Asker] && !missing.Remove((mark.Asker, mark.Number)))
        {
            Doubled++;
            return false;
        }

        Distinct++;
        if (mark.Number <= newest[mark.Asker] || seq <= newestSeq)
            Disordered++;
        for (var skipped = newest[mark.Asker] + 1; skipped < mark.Number; skipped++)
            missing.Add((mark.Asker, skipped));
        newest[mark.Asker] = Math.Max(newest[mark.Asker], mark.Number);
        newestSeq = Math.Max(newestSeq, seq ?? 0);
        return true;
    }

    /// <summary>The event's number, which stands before its data; null where events have none.</summary>
    private static long? SeqIn(ReadOnlySpan<byte> before) =>
        before.LastIndexOf("\"seq\":"u8) is >= 0 and var at && Utf8Parser.TryParse(before[(at + 6)..], out long seq, out _) ? seq : null;
}
