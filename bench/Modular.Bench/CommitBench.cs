using System.CommandLine;
using System.Text.Json;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Bench.Store;

namespace Modular.Bench;

/// <summary><c>./dev bench commit</c>: the commit loop beside one transaction a request.</summary>
internal static class CommitBench
{
    public static Command Command()
    {
        var seconds = new Option<double>("--seconds") { Description = "Counted seconds of a run.", DefaultValueFactory = _ => 6 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds each way runs before anything counts.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "How often each way is measured, in turns.", DefaultValueFactory = _ => 3 };
        var callers = Numbers("--callers", "How many ask at once.", "1,16,64,256");
        var streams = Numbers("--streams", "Over how many streams (rooms) they are spread.", "1,64");
        var surfaces = new Option<string>("--surfaces") { Description = "store: sessions in this process; http: POST /api/questions.", DefaultValueFactory = _ => "store,http" };
        var ways = new Option<string>("--ways") { Description = "plain, product or both; one alone is for profiling.", DefaultValueFactory = _ => string.Join(',', Ways.All) };
        var quick = new Option<bool>("--quick") { Description = "A smoke run of some seconds; its figures say little." };
        var command = new Command("commit", "Sessions a second and latencies of the commit loop beside one transaction a request.")
        {
            seconds, warmUp, rounds, callers, streams, surfaces, ways, quick,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(quick)
            ? new Plan(1, 1, 1, [1, 16], [1], parsed.GetRequiredValue(surfaces), Ways.All)
            : new Plan(
                parsed.GetValue(seconds), parsed.GetValue(warmUp), parsed.GetValue(rounds), Split(parsed.GetRequiredValue(callers)),
                Split(parsed.GetRequiredValue(streams)), parsed.GetRequiredValue(surfaces), parsed.GetRequiredValue(ways).Split(','))));
        return command;
    }

    private sealed record Plan(double Seconds, double WarmUp, int Rounds, int[] Callers, int[] Streams, string Surfaces, IReadOnlyList<string> Ways);

    private static async Task<int> RunAsync(Plan plan)
    {
        Console.WriteLine(await Report.AboutAsync());
        var report = new Report();
        foreach (var name in plan.Surfaces.Split(','))
        {
            await using ISurface surface = name switch
            {
                "store" => await StoreBench.StartAsync(),
                "http" => await HttpBench.StartAsync(plan.Ways, plan.Callers.Max(), plan.Streams.Max()),
                _ => throw new ArgumentException($"There is no surface '{name}'; there are store and http."),
            };
            foreach (var way in plan.Ways)
                await surface.MeasureAsync(new Setting(name, plan.Streams.Max(), plan.Callers.Max()), way, 0, ramp: 0, plan.WarmUp);
            foreach (var setting in plan.Streams.SelectMany(s => plan.Callers.Select(c => new Setting(name, s, c))))
                report.Add(setting, await CompareAsync(surface, setting, plan));
        }

        report.Print();
        return 0;
    }

    /// <summary>In turns, so that what else the machine does falls on both. Each run is a line of JSON at once; the table comes at the end.</summary>
    private static async Task<List<Run>> CompareAsync(ISurface surface, Setting setting, Plan plan)
    {
        var runs = new List<Run>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var way in plan.Ways)
            {
                var run = await surface.MeasureAsync(setting, way, round, ramp: 0.5, plan.Seconds);
                runs.Add(run);
                Console.WriteLine(JsonSerializer.Serialize(run));
            }
        }

        return runs;
    }

    private static Option<string> Numbers(string name, string description, string preset) => new(name) { Description = description, DefaultValueFactory = _ => preset };

    private static int[] Split(string numbers) => [.. numbers.Split(',').Select(int.Parse)];
}
