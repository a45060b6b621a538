namespace Modular.Bench.Measuring;

/// <summary>What is counted from the start on, read at the begin and the end of a measurement.</summary>
internal sealed record Gauges(long Transactions, long Sessions, long Batches, double Subject, double? Generator, double? Postgres, double Allocated)
{
    public Run Since(Gauges began, Setting setting, string way, int round, double seconds, double rate, Spread latency) => new(
        setting, way, round, seconds, rate, latency, Transactions - began.Transactions,
        Batches == began.Batches ? null : (Sessions - began.Sessions) / (double)(Batches - began.Batches),
        Subject - began.Subject, Generator - began.Generator, Postgres - began.Postgres, Allocated - began.Allocated);
}

/// <summary>What a host says of itself, counted from its start on.</summary>
/// <param name="Messages">That its questions left in, and <paramref name="Events"/> in them.</param>
/// <param name="Processor">Seconds.</param>
/// <param name="Memory">Bytes of the machine's that it has at this moment, and <paramref name="Heap"/> what its objects take of them.</param>
internal sealed record HostGauges(long Sessions, long Commits, long Events, long Messages, double Processor, long Memory, long Heap, long Allocated);
