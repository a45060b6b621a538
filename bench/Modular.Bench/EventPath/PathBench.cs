using System.CommandLine;
using System.Text.Json;

namespace Modular.Bench.EventPath;

/// <summary><c>./dev bench path</c>: from a POST on one replica to the sockets of another, beside the plain way.</summary>
internal static class PathBench
{
    public const string Delivery = "delivery";
    public const string Throughput = "throughput";
    public const string SecondReplica = "second-replica";

    /// <summary>Connections of the open loops: more than are ever in flight on a host that keeps up.</summary>
    private const int OpenLoop = 64;

    public static Command Command()
    {
        var seconds = new Option<double>("--seconds") { Description = "Counted seconds of a run.", DefaultValueFactory = _ => 8 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds each way runs before anything counts.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "How often each way is measured, in turns.", DefaultValueFactory = _ => 3 };
        var measure = new Option<string>("--measure") { Description = "Which of the three.", DefaultValueFactory = _ => $"{Delivery},{Throughput},{SecondReplica}" };
        var rate = new Option<double>("--rate") { Description = "delivery: questions a second.", DefaultValueFactory = _ => 200 };
        var subscribers = new Option<int>("--subscribers") { Description = "delivery: sockets on the other replica.", DefaultValueFactory = _ => 100 };
        var callers = new Option<string>("--callers") { Description = "throughput: how many ask at once.", DefaultValueFactory = _ => "16,64" };
        var listeners = new Option<int>("--listeners") { Description = "throughput: sockets on the other replica.", DefaultValueFactory = _ => 10 };
        var loadRate = new Option<double>("--load-rate") { Description = "second-replica: questions a second.", DefaultValueFactory = _ => 5000 };
        var ways = new Option<string>("--ways") { Description = "product, plain or both; one alone is for profiling.", DefaultValueFactory = _ => $"{Ways.Product},{Ways.Plain}" };
        var quick = new Option<bool>("--quick") { Description = "A smoke run of some seconds; its figures say little." };
        var command = new Command("path", "What replicas add: POST to delivery on the other one, POST/s with everything on, POST latency with and without a second one.")
        {
            seconds, warmUp, rounds, measure, rate, subscribers, callers, listeners, loadRate, ways, quick,
        };
        command.SetAction((parsed, _) =>
        {
            string[] chosen = parsed.GetRequiredValue(measure).Split(',');
            string[] both = parsed.GetRequiredValue(ways).Split(',');
            return parsed.GetValue(quick)
                ? RunAsync(new Plan(0.3, 0.1, 0.1, 1, 8), Comparisons(chosen, both, 8, 50, 5, [4], 5, 200))
                : RunAsync(
                    new Plan(parsed.GetValue(seconds), parsed.GetValue(warmUp), 1, parsed.GetValue(rounds), OpenLoop),
                    Comparisons(
                        chosen, both, OpenLoop, parsed.GetValue(rate), parsed.GetValue(subscribers),
                        [.. parsed.GetRequiredValue(callers).Split(',').Select(int.Parse)], parsed.GetValue(listeners), parsed.GetValue(loadRate)));
        });
        return command;
    }

    private sealed record Plan(double Seconds, double WarmUp, double Ramp, int Rounds, int Guests);

    private sealed record Comparison(Load Load, IReadOnlyList<Contestant> Between);

    private static List<Comparison> Comparisons(
        IReadOnlyList<string> chosen, IReadOnlyList<string> ways, int openLoop, double rate, int subscribers, IReadOnlyList<int> callers, int listeners, double loadRate)
    {
        Contestant[] pairs = [.. ways.Select(way => new Contestant(way, 2))];
        Comparison[] all =
        [
            new(new Load(Delivery, rate, openLoop, subscribers), pairs),
            .. callers.Select(n => new Comparison(new Load(Throughput, null, n, listeners), pairs)),
            new(new Load(SecondReplica, loadRate, openLoop, 0), [new Contestant(Ways.Product, 2), new Contestant(Ways.Product, 1)]),
        ];
        if (chosen.FirstOrDefault(name => !all.Any(c => c.Load.Name == name)) is { } unknown)
            throw new ArgumentException($"There is no measurement '{unknown}'; there are {Delivery}, {Throughput} and {SecondReplica}.");
        return [.. all.Where(c => chosen.Contains(c.Load.Name))];
    }

    private static async Task<int> RunAsync(Plan plan, List<Comparison> comparisons)
    {
        Console.WriteLine(await Report.AboutAsync());
        var runs = new List<PathRun>();
        var started = new Dictionary<Contestant, Replicas>();
        try
        {
            foreach (var comparison in comparisons)
                runs.AddRange(await CompareAsync(comparison, plan, started));
        }
        finally
        {
            foreach (var replicas in started.Values)
                await replicas.DisposeAsync();
        }

        PathReport.Lines(runs).ToList().ForEach(Console.WriteLine);
        return 0;
    }

    /// <summary>In turns, so that what else the machine does falls on both. Each run is a line of JSON at once; the table comes at the end.</summary>
    private static async Task<List<PathRun>> CompareAsync(Comparison comparison, Plan plan, Dictionary<Contestant, Replicas> started)
    {
        foreach (var who in comparison.Between.Where(who => !started.ContainsKey(who)))
        {
            started[who] = await Replicas.StartAsync(who, plan.Guests);
            await started[who].MeasureAsync(comparison.Load with { Rate = null }, 0, ramp: 0, plan.WarmUp);
        }

        var runs = new List<PathRun>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var who in comparison.Between)
            {
                runs.Add(await started[who].MeasureAsync(comparison.Load, round, plan.Ramp, plan.Seconds));
                Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
            }
        }

        return runs;
    }
}
