using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Modular.Bench.Http;

namespace Modular.Bench.Push;

/// <summary><c>./dev bench push</c>: from a question to its subscribers, beside SignalR's own <c>Clients.All</c>.</summary>
internal static class PushBench
{
    public static Command Command()
    {
        var rates = new Option<string>("--rates") { Description = "Questions a second, in open loops.", DefaultValueFactory = _ => "50,200,500" };
        var subscribers = new Option<int>("--subscribers") { Description = "Of the lobby's questions, each a connection.", DefaultValueFactory = _ => 1000 };
        var ways = new Option<string>("--ways") { Description = "hub, ws, sse: the product's; plain: Clients.All of a hub.", DefaultValueFactory = _ => $"hub,ws,sse,{PushWay.Plain}" };
        var rounds = new Option<int>("--rounds") { Description = "How often each way is measured, in turns.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Counted seconds of a run.", DefaultValueFactory = _ => 8 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds of load before a way counts for the first time at a rate; later two.", DefaultValueFactory = _ => 10 };
        var processes = new Option<int>("--processes") { Description = "Generator processes that share the subscribers.", DefaultValueFactory = _ => 1 };
        var gates = new Option<bool>("--gates") { Description = "Exit code 1 if a gate is missed." };
        var quick = new Option<bool>("--quick") { Description = "A smoke run of some seconds; its figures say little." };
        var command = new Command("push", "Delivery latencies, processor time and exact counts of many subscribers on one host.")
        {
            rates, subscribers, ways, rounds, seconds, warmUp, processes, gates, quick,
        };
        command.SetAction((parsed, _) =>
        {
            PushWay[] chosen = [.. parsed.GetRequiredValue(ways).Split(',').Select(PushWay.Named)];
            return parsed.GetValue(quick)
                ? RunAsync(new Plan([20], 20, chosen, 1, 0.1, 0.3, 2, parsed.GetValue(gates)) { Callers = 8, ShareHosts = true })
                : RunAsync(new Plan(
                    [.. parsed.GetRequiredValue(rates).Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))], parsed.GetValue(subscribers), chosen,
                    parsed.GetValue(rounds), parsed.GetValue(warmUp), parsed.GetValue(seconds), parsed.GetValue(processes), parsed.GetValue(gates)));
        });
        return command;
    }

    private sealed record Plan(
        IReadOnlyList<double> Rates, int Subscribers, IReadOnlyList<PushWay> Ways, int Rounds, double WarmUp, double Seconds, int Processes, bool Gates)
    {
        /// <summary>Connections that ask: more than are ever in flight on a host that keeps up.</summary>
        public int Callers { get; init; } = 64;

        /// <summary>Ways that need the same host have one together; memory and processor time of one of them are not seen then.</summary>
        public bool ShareHosts { get; init; }
    }

    private static async Task<int> RunAsync(Plan plan)
    {
        Console.WriteLine(await Report.AboutAsync());
        var started = new Dictionary<string, MeasuredHost>(StringComparer.Ordinal);
        var runs = new List<PushRun>();
        try
        {
            string Key(PushWay way) => plan.ShareHosts ? way.Host : way.Name;
            foreach (var way in plan.Ways.DistinctBy(Key))
                started[Key(way)] = await MeasuredHost.StartAsync(way.Host, plan.Callers, rooms: 0, ("Logging__LogLevel__Default", "Warning"));
            var hosts = plan.Ways.Select(way => new PushHost(way, started[Key(way)], plan.Callers)).ToList();
            foreach (var load in plan.Rates.Select(rate => new PushLoad(plan.Subscribers, rate)))
                runs.AddRange(await CompareAsync(load, hosts, plan));
        }
        finally
        {
            foreach (var host in started.Values)
                await host.DisposeAsync();
        }

        foreach (var line in PushReport.Lines(runs))
            Console.WriteLine(line);
        return plan.Gates && PushGates.Of(runs).Any(gate => !gate.Holds) ? 1 : 0;
    }

    /// <summary>In turns, so that what else the machine does falls on all. Each run is a line of JSON at once; the table comes at the end.</summary>
    private static async Task<List<PushRun>> CompareAsync(PushLoad load, List<PushHost> hosts, Plan plan)
    {
        var runs = new List<PushRun>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var host in hosts)
            {
                runs.Add(await host.MeasureAsync(load, round, plan.Processes, round == 1 ? plan.WarmUp : Math.Min(2, plan.WarmUp), plan.Seconds));
                Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
            }
        }

        return runs;
    }
}
