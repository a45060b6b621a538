using System.Text.Json;
using Modular.Bench.Measuring;

namespace Modular.Bench;

/// <summary>What is measured of a surface, and how often.</summary>
/// <param name="WarmUp">Seconds each way runs before anything counts.</param>
/// <param name="Ramp">Seconds of load before each run counts.</param>
internal sealed record Turns(double Seconds, double WarmUp, double Ramp, int Rounds, IReadOnlyList<Setting> Settings, IReadOnlyList<string> Ways);

/// <summary>Measures the ways in turns, so that what else the machine does falls on both. Each run is a line of JSON at once; the table comes at the end.</summary>
internal static class InTurns
{
    public static async Task<int> RunAsync(Turns turns, Func<Task<ISurface>> start)
    {
        Console.WriteLine(await Report.AboutAsync());
        await using var surface = await start();
        var most = turns.Settings[0] with { Streams = turns.Settings.Max(s => s.Streams), Callers = turns.Settings.Max(s => s.Callers), Rate = null };
        foreach (var way in turns.Ways)
            await surface.MeasureAsync(most, way, 0, ramp: 0, turns.WarmUp);
        var report = new Report();
        foreach (var setting in turns.Settings)
            report.Add(setting, await CompareAsync(surface, setting, turns));
        report.Print();
        return 0;
    }

    private static async Task<List<Run>> CompareAsync(ISurface surface, Setting setting, Turns turns)
    {
        var runs = new List<Run>();
        for (var round = 1; round <= turns.Rounds; round++)
        {
            foreach (var way in turns.Ways)
            {
                runs.Add(await surface.MeasureAsync(setting, way, round, turns.Ramp, turns.Seconds));
                Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
            }
        }

        return runs;
    }
}
