using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>What the generator is to do; it reads this as JSON from its input.</summary>
internal sealed record LoadPlan(string Host, int Port, int Callers, double Ramp, double Seconds, Crowd Crowd);

/// <summary>What it saw.</summary>
/// <param name="Answers">How many answers had each status, ramp and tail included.</param>
/// <param name="Oddity">The first answer that was not 201, as it came.</param>
/// <param name="Processor">Seconds of its own within the window.</param>
internal sealed record LoadResult(Spread Latency, double Seconds, Dictionary<int, long> Answers, string? Oddity, double Processor);

/// <summary>
/// Asks questions over plain sockets, one request in flight a connection. A process of its own and lean, because it shares
/// the machine with what it measures: it is started with one socket thread that runs completions itself.
/// </summary>
internal static class LoadGenerator
{
    public const string Begun = "begun";

    public static Command Command()
    {
        var command = new Command("load", "Ask questions as the plan on the input says.") { Hidden = true };
        command.SetAction(async (_, ct) =>
        {
            var plan = JsonSerializer.Deserialize<LoadPlan>((await Console.In.ReadLineAsync(ct))!)!;
            var result = await RunAsync(plan);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result));
        });
        return command;
    }

    private static async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        var connections = new List<AskingConnection>();
        for (var n = 0; n < plan.Callers; n++)
            connections.Add(await AskingConnection.OpenAsync(plan, plan.Crowd.Tokens[n], plan.Crowd.Rooms[n % plan.Crowd.Rooms.Count]));
        var window = Window.After(plan.Ramp, plan.Seconds);
        await Console.Out.WriteLineAsync(Begun);
        var asking = connections.ConvertAll(c => c.AskUntilAsync(window));
        await window.BeganAsync();
        var before = Environment.CpuUsage.TotalTime;
        await window.EndedAsync();
        var processor = Environment.CpuUsage.TotalTime - before;
        await Task.WhenAll(asking);
        var answers = connections.SelectMany(c => c.Answers).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Sum(a => a.Value));
        var oddity = connections.Select(c => c.Oddity).FirstOrDefault(o => o is not null);
        connections.ForEach(c => c.Dispose());
        return new LoadResult(Latencies.Of(connections.Select(c => c.Latencies)), window.Seconds, answers, oddity, processor.TotalSeconds);
    }

    public static async Task<LoadResult> StartAsync(LoadPlan plan, Func<Task> begun)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(LoadGenerator).Assembly.Location, "load"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
                ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
                ["DOTNET_gcConcurrent"] = "0",
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan));
        await process.StandardInput.FlushAsync();
        if (await process.StandardOutput.ReadLineAsync() is not Begun)
            throw new InvalidOperationException("The generator did not begin.");
        await begun();
        var result = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The generator ended without a result.");
        await process.WaitForExitAsync();
        return JsonSerializer.Deserialize<LoadResult>(result)!;
    }
}
