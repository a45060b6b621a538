using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Modular.Bench.Following;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench.Generating;

/// <summary>The generator's side of a <see cref="GeneratorProcess"/>: asks questions and receives events over plain sockets.</summary>
internal static class LoadGenerator
{
    public const string Name = "load";

    public static Command Command()
    {
        var command = new Command(Name, "Ask questions as the plan on the input says.") { Hidden = true };
        command.SetAction(async (_, _) =>
        {
            if (await HearAsync<LoadPlan>() is { } plan)
                await RunAsync(plan);
        });
        return command;
    }

    private static async Task RunAsync(LoadPlan plan)
    {
        var (latencies, unasked) = (new Latencies(), new Latencies());
        var connections = new List<AskingConnection>();
        for (var n = 0; plan.Asks && n < plan.Callers; n++)
            connections.Add(await AskingConnection.OpenAsync(plan, n, latencies));
        await using var followers = await Followers.OpenAsync(plan.Audience, plan.Measurement, plan.Callers);
        Generators.CompileWords();
        await TellAsync("ready");
        if (await HearAsync<Window>() is not { } window)
            return;

        followers.Count(window);
        var storm = plan.Storm is { } coming ? followers.StormAsync(coming, window) : null;
        var due = plan is { Asks: true, Rate: { } rate } ? Pacer.Start(rate, window) : null;
        var asking = connections.ConvertAll(c => due is null ? c.AskUntilAsync(window) : c.AskAsync(due, unasked, window));
        await window.BeganAsync();
        var before = Environment.CpuUsage.TotalTime;
        await window.EndedAsync();
        var processor = Environment.CpuUsage.TotalTime - before;
        await Task.WhenAll(asking);
        var returns = storm is null ? null : await storm;
        await TellAsync(connections.ConvertAll(c => c.Asked));
        if (await HearAsync<long[]>() is not { } asked)
            return;

        var ended = Stopwatch.GetTimestamp();
        while (!followers.HaveAll(asked) && Stopwatch.GetElapsedTime(ended).TotalSeconds < plan.Patience)
            await Task.Delay(20);
        await TellAsync(new GeneratorResult(
            latencies, unasked, connections.Sum(c => c.AnsweredInTime),
            connections.SelectMany(c => c.Answers).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Sum(a => a.Value)),
            connections.Select(c => c.Oddity).FirstOrDefault(o => o is not null), processor.TotalSeconds,
            followers.HasAny ? await followers.EndAsync(asked) : null, returns));
        connections.ForEach(c => c.Dispose());
    }

    private static Task TellAsync<T>(T what) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(what));

    /// <summary>Null when who asked is gone.</summary>
    private static async Task<T?> HearAsync<T>() where T : class =>
        await Console.In.ReadLineAsync() is { } line ? JsonSerializer.Deserialize<T>(line) : null;
}
