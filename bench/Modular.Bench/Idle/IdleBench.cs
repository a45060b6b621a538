using System.CommandLine;
using System.Text.Json;
using Modular.Bench.Following;
using Modular.Bench.Push;

namespace Modular.Bench.Idle;

/// <summary><c>./dev bench idle</c>: what a connection costs that only stays.</summary>
internal static class IdleBench
{
    /// <summary>Connected and greeted, and follows nothing.</summary>
    public const string BareHub = "hub-bare";

    public static Command Command()
    {
        var steps = new Option<string>("--steps") { Description = "Up to how many connections, one after the other.", DefaultValueFactory = _ => "5000,10000,15000" };
        var ways = new Option<string>("--ways") { Description = $"{BareHub}: connected; hub: subscribed to one stream; ws, sse; plain: SignalR as it comes.", DefaultValueFactory = _ => $"{BareHub},hub,ws,sse" };
        var seconds = new Option<double>("--seconds") { Description = "How long processor time and transactions are counted with all of them.", DefaultValueFactory = _ => 20 };
        var gates = new Option<bool>("--gates") { Description = "Exit code 1 if a gate is missed." };
        var quick = new Option<bool>("--quick") { Description = "A smoke run with few connections; its figures say little." };
        var command = new Command("idle", "Memory of the host per idle connection, and what the idle ones cost in processor time and queries.")
        {
            steps, ways, seconds, gates, quick,
        };
        command.SetAction((parsed, _) =>
        {
            PushWay[] chosen = [.. parsed.GetRequiredValue(ways).Split(',').Select(Way)];
            return parsed.GetValue(quick)
                ? RunAsync(chosen, [50, 100, 150], 0.3, TimeSpan.FromMilliseconds(50), parsed.GetValue(gates))
                : RunAsync(chosen, [.. parsed.GetRequiredValue(steps).Split(',').Select(int.Parse)], parsed.GetValue(seconds), TimeSpan.FromMilliseconds(500), parsed.GetValue(gates));
        });
        return command;
    }

    private static PushWay Way(string name) =>
        name == BareHub ? PushWay.Named("hub") with { Name = BareHub, Stream = null } : PushWay.Named(name);

    private static async Task<int> RunAsync(IReadOnlyList<PushWay> ways, int[] steps, double seconds, TimeSpan poll, bool gates)
    {
        FileHandles.Require(steps[^1]);      // of the host, which has them all
        Console.WriteLine(await Report.AboutAsync());
        var runs = new List<IdleRun>();
        foreach (var way in ways)
        {
            await using var host = await IdleHost.StartAsync(way, steps[^1]);
            runs.Add(await host.MeasureAsync(steps, seconds, poll));
            Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
        }

        foreach (var line in IdleReport.Lines(runs))
            Console.WriteLine(line);
        return gates && runs.Exists(run => !IdleReport.Holds(run)) ? 1 : 0;
    }
}
