using Modular.Bench.Measuring;
using Modular.Testing;

namespace Modular.Bench;

/// <summary>What a person reads: medians with the least and the most beside them.</summary>
internal sealed class Report
{
    private const string Heading = "| surface | streams | asked by | way | sessions/s | ratio | p50 ms | p99 ms | sessions a commit | write transactions a session | cores: committing | asking | Postgres | KB allocated a session |";

    private readonly List<string> lines = [Heading, $"|{string.Concat(Enumerable.Repeat("---|", Heading.Count(c => c == '|') - 1))}"];

    /// <summary>The conditions: figures mean nothing without them.</summary>
    public static async Task<string> AboutAsync()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await Server.OpenAsync(database.ConnectionString);
        return $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {await server.DescribeAsync()}";
    }

    public void Print() => lines.ForEach(Console.WriteLine);

    public void Add(Setting setting, IReadOnlyList<Run> runs)
    {
        var plain = Of(runs, Ways.Plain, r => r.Rate).Median;
        foreach (var way in Ways.All.Where(way => runs.Any(r => r.Way == way)))
        {
            var cells = new[]
            {
                setting.Surface, Figures.One(setting.Streams, "0"), setting.Rate is { } rate ? $"{Figures.One(rate, "0")}/s" : $"{Figures.One(setting.Callers, "0")} callers", way,
                Cell(runs, way, r => r.Rate, "0"),
                Figures.One(Of(runs, way, r => r.Rate).Median / plain, "0.0"),
                Cell(runs, way, r => r.Latency.P50, "0.00"),
                Cell(runs, way, r => r.Latency.P99, "0.0"),
                Cell(runs, way, r => r.Batch ?? 1, "0.0"),
                Figures.One(Of(runs, way, r => r.WriteTransactions / (double)Math.Max(1, r.Latency.Count)).Median, "0.000"),
                Cell(runs, way, r => r.Subject / r.Seconds, "0.00"),
                Cell(runs, way, r => (r.Generator ?? double.NaN) / r.Seconds, "0.00"),
                Cell(runs, way, r => (r.Postgres ?? double.NaN) / r.Seconds, "0.00"),
                Cell(runs, way, r => r.AllocatedBytes / 1024 / Math.Max(1, r.Latency.Count), "0.0"),
            };
            lines.Add($"| {string.Join(" | ", cells)} |");
        }
    }

    private static string Cell(IReadOnlyList<Run> runs, string way, Func<Run, double> of, string format) => Of(runs, way, of).Text(format);

    private static Figures Of(IReadOnlyList<Run> runs, string way, Func<Run, double> of) => Figures.Of(runs.Where(r => r.Way == way).Select(of));
}
