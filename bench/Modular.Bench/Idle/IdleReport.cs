using Modular.Bench.Measuring;

namespace Modular.Bench.Idle;

/// <summary>What a person reads.</summary>
internal static class IdleReport
{
    private const string Heading =
        "| way | connections | host MB before | with all | collected | KB a connection | collected | of it objects | gate KB | cores: host | Postgres | all others, generator too | transactions/s | gate |";

    /// <summary>Most kilobytes a connection, resident.</summary>
    private static readonly Dictionary<string, double> Most = new(StringComparer.Ordinal) { [IdleBench.BareHub] = 40, ["hub"] = 40, ["ws"] = 20 };

    public static bool Holds(IdleRun run) => !Most.TryGetValue(run.Way, out var most) || run.Each(s => s.Resident) <= most * 1024;

    public static IEnumerable<string> Lines(IReadOnlyCollection<IdleRun> runs) =>
    [
        Heading,
        $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}",
        .. runs.Select(run => $"| {string.Join(" | ", Cells(run))} |"),
    ];

    private static IEnumerable<string> Cells(IdleRun run)
    {
        string Megabytes(long bytes) => Figures.One(bytes / 1048576.0, "0");
        string Each(Func<IdleStep, long> of) => Figures.One(run.Each(of) / 1024, "0.0");
        string PerSecond(double? of, string format) => Figures.One((of ?? double.NaN) / run.Seconds, format);
        return
        [
            run.Way, string.Join(", ", run.Steps.Select(s => s.Connections)), Megabytes(run.Bare.Resident), Megabytes(run.Steps[^1].Resident), Megabytes(run.Steps[^1].Collected),
            Each(s => s.Resident), Each(s => s.Collected), Each(s => s.Heap), Most.TryGetValue(run.Way, out var most) ? Figures.One(most, "0") : "",
            PerSecond(run.Host, "0.000"), PerSecond(run.Postgres, "0.000"), PerSecond(run.Others, "0.00"), PerSecond(run.Transactions, "0.0"),
            !Most.ContainsKey(run.Way) ? "" : Holds(run) ? "pass" : "MISSED",
        ];
    }
}
