using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Modular.Bench.Measuring;

namespace Modular.Bench.Http;

/// <summary>
/// Asks questions and receives events over plain sockets, one request in flight a connection. A process of its own and lean,
/// because it shares the machine with what it measures: it is started with one socket thread that runs completions itself.
/// </summary>
internal static class LoadGenerator
{
    public const string Begun = "begun";

    /// <summary>What has not arrived so long after the last answer counts as lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
        var measurement = Random.Shared.Next(10_000);
        var connections = new List<AskingConnection>();
        for (var n = 0; n < plan.Callers; n++)
            connections.Add(await AskingConnection.OpenAsync(plan, measurement, n));
        var followers = await HubFollower.OpenAsync(plan.Audience, measurement, plan.Callers);
        await using var pings = new Timer(_ => followers.ForEach(f => _ = f.PingAsync()), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        var window = Window.After(plan.Ramp, plan.Seconds);
        await Console.Out.WriteLineAsync(Begun);

        var following = followers.ConvertAll(f => f.FollowAsync(window));
        var due = plan.Rate is { } rate ? Pacer.Start(rate, window) : null;
        var asking = connections.ConvertAll(c => due is null ? c.AskUntilAsync(window) : c.AskAsync(due, window));
        await window.BeganAsync();
        var before = Environment.CpuUsage.TotalTime;
        await window.EndedAsync();
        var processor = Environment.CpuUsage.TotalTime - before;
        await Task.WhenAll(asking);
        var asked = connections.ConvertAll(c => c.Asked);
        await AllArrivedAsync(followers.ConvertAll(f => f.Arrivals), asked);
        followers.ForEach(f => f.Dispose());
        await Task.WhenAll(following);

        var answers = connections.SelectMany(c => c.Answers).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Sum(a => a.Value));
        var oddity = connections.Select(c => c.Oddity).FirstOrDefault(o => o is not null);
        connections.ForEach(c => c.Dispose());
        return new LoadResult(
            Latencies.Of(connections.Select(c => c.Latencies)), window.Seconds, connections.Sum(c => c.AnsweredInTime) / window.Seconds, answers, oddity, processor.TotalSeconds,
            Delivery.Of(followers.ConvertAll(f => f.Arrivals), asked));
    }

    private static async Task AllArrivedAsync(List<Arrivals> all, List<long> asked)
    {
        var began = Stopwatch.GetTimestamp();
        while (all.Exists(a => a.Lost(asked) > 0) && Stopwatch.GetElapsedTime(began) < Patience)
            await Task.Delay(20);
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
