using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Modular.Bench.Following;
using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Bench.Push;
using Modular.Rooms.Contracts;

namespace Modular.Bench.Storms;

/// <summary><c>./dev bench storm</c>: all sockets are dropped at once and come back, each from where it was, while questions go on.</summary>
internal static class StormBench
{
    private const int Callers = 8;

    public static Command Command()
    {
        var sockets = new Option<int>("--sockets") { Description = "How many, subscribed to the lobby's questions over the hub.", DefaultValueFactory = _ => 15_000 };
        var over = new Option<double>("--over") { Description = "Seconds within which all come back, each at a random moment.", DefaultValueFactory = _ => 10 };
        var before = new Option<double>("--before") { Description = "Seconds of normal life before the drop, for comparison.", DefaultValueFactory = _ => 20 };
        var rate = new Option<double>("--rate") { Description = "Questions a second, all the time.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "How many storms.", DefaultValueFactory = _ => 3 };
        var processes = new Option<int>("--processes") { Description = "Generator processes that share the sockets.", DefaultValueFactory = _ => 2 };
        var gates = new Option<bool>("--gates") { Description = "Exit code 1 if a gate is missed." };
        var quick = new Option<bool>("--quick") { Description = "A smoke run with few sockets; its figures say little." };
        var command = new Command("storm", "How soon many sockets that were dropped at once have caught up, and what Postgres has to do with it.")
        {
            sockets, over, before, rate, rounds, processes, gates, quick,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(quick)
            ? new Plan(100, 0.5, 0.5, 10, 1, 2, parsed.GetValue(gates)) { Ramp = 0.1, Aftermath = 0.5 }
            : new Plan(
                parsed.GetValue(sockets), parsed.GetValue(over), parsed.GetValue(before), parsed.GetValue(rate), parsed.GetValue(rounds), parsed.GetValue(processes),
                parsed.GetValue(gates))));
        return command;
    }

    private sealed record Plan(int Sockets, double Over, double Before, double Rate, int Rounds, int Processes, bool Gates)
    {
        /// <summary>Seconds of load before anything counts.</summary>
        public double Ramp { get; init; } = 2;

        /// <summary>Seconds after all were to be back; who is late needs them, and what they cost counts as well.</summary>
        public double Aftermath { get; init; } = 2;
    }

    private static async Task<int> RunAsync(Plan plan)
    {
        // A host that has not yet noticed that all are gone must take them back: the places it has are not what is measured.
        var places = plan.Sockets * 6 / 5;
        FileHandles.Require(places);
        Console.WriteLine(await Report.AboutAsync());
        await using var host = await MeasuredHost.StartAsync(
            Ways.Product, Callers, rooms: 0, ("Logging__LogLevel__Default", "Warning"),
            ("Modules__Notifications__MostSockets", places.ToString(CultureInfo.InvariantCulture)),
            ("Modules__Notifications__MostSocketsPerAddress", places.ToString(CultureInfo.InvariantCulture)));
        var runs = new List<StormRun>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            runs.Add(await MeasureAsync(host, plan, round));
            Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
        }

        foreach (var line in StormReport.Lines(runs))
            Console.WriteLine(line);
        return plan.Gates && StormReport.Missed(runs).Any() ? 1 : 0;
    }

    private static async Task<StormRun> MeasureAsync(MeasuredHost host, Plan plan, int round)
    {
        await using var server = await Server.OpenAsync(host.Database.ConnectionString);
        await using var beside = await Server.OpenBesideAsync(host.Database.ConnectionString);
        var audience = PushWay.Named("hub").Audience(host.Address, plan.Sockets, head: 0);
        var load = new LoadPlan(
            host.Address.Host, host.Address.Port, Callers, host.Crowd with { Rooms = [Lobby.Code] }, plan.Rate, audience, new Storm(plan.Before, plan.Over));
        var stored = await server.CountAsync("questions.question");
        StormGauges? normal = null;
        var polled = new List<StormGauges>();
        var result = await Generators.RunAsync(load, plan.Processes, plan.Ramp, plan.Before + plan.Over + plan.Aftermath, async window =>
        {
            await window.BeganAsync();
            normal = await StormGauges.ReadAsync(host, beside);
            for (double at = 0; at <= plan.Over + plan.Aftermath; at++)
            {
                await window.IntoAsync(plan.Before + at);
                polled.Add(await StormGauges.ReadAsync(host, beside));
            }
        });
        result.MustHaveStored(await server.CountAsync("questions.question") - stored);
        var returns = result.Returns!;
        return new StormRun(
            plan.Sockets, plan.Over, plan.Rate, round, returns.CaughtUp.Spread(), returns.Failures, returns.Away, returns.NotRecovered,
            returns.Why, result.Delivery!, polled[0].Since(normal!), polled[^1].Since(polled[0]), StormGauges.Busiest(polled),
            polled[0].Host.Memory / 1048576.0, polled[^1].Host.Memory / 1048576.0);
    }
}
