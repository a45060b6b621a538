using System.Text.Json;
using Modular.Bench.Measuring;

namespace Modular.Bench.Generating;

/// <summary>Puts a host under load from other processes and says what they saw.</summary>
internal static class Generators
{
    /// <summary>From the word that all may begin until the last has heard it.</summary>
    private const double WordOfMouth = 0.05;

    /// <param name="ramp">Seconds of load before anything counts.</param>
    /// <param name="meanwhile">What else happens during the window; it counts what it counts by the same one.</param>
    public static async Task<LoadResult> RunAsync(LoadPlan plan, int processes, double ramp, double seconds, Func<Window, Task> meanwhile)
    {
        var generators = new List<GeneratorProcess>();
        try
        {
            foreach (var part in plan.Parts(processes))
            {
                generators.Add(GeneratorProcess.Start());
                await generators[^1].TellAsync(part);
            }

            CompileWords();
            await AllSayAsync<string>(generators);
            var window = Window.After(WordOfMouth + ramp, seconds);
            await AllHearAsync(generators, window);
            await meanwhile(window);
            var asked = await AllSayAsync<long[]>(generators);
            await AllHearAsync(generators, asked[0]);
            return LoadResult.Of(await AllSayAsync<GeneratorResult>(generators), window);
        }
        finally
        {
            foreach (var generator in generators)
                await generator.DisposeAsync();
        }
    }

    /// <summary>Who writes or reads one for the first time compiles that first, and on a busy machine a short ramp would be over meanwhile.</summary>
    public static void CompileWords() => JsonSerializer.Deserialize<Window>(JsonSerializer.Serialize(new Window(0, 0)));

    private static Task AllHearAsync<T>(List<GeneratorProcess> generators, T what) => Task.WhenAll(generators.Select(g => g.TellAsync(what)));

    private static Task<T[]> AllSayAsync<T>(List<GeneratorProcess> generators) => Task.WhenAll(generators.Select(g => g.HearAsync<T>()));
}
