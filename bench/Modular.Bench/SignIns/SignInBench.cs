using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Measuring;
using Modular.Bench.Push;
using Modular.Rooms.Contracts;

namespace Modular.Bench.SignIns;

/// <summary><c>./dev bench signin</c>: how many sign in with a password, and what the pushes to many sockets feel of it.</summary>
internal static class SignInBench
{
    private const int Askers = 8;

    /// <summary>Limits are on, as they are deployed, and out of the way.</summary>
    private static readonly (string Key, string Value)[] WideLimits =
    [
        ("Limits__Enabled", "true"), ("Limits__Ask__Permits", "1000000"), ("Limits__Guests__Permits", "1000000"),
        ("Limits__SignIn__Permits", "1000000"), ("Limits__SignInAttempts__Permits", "1000000"),
    ];

    public static Command Command()
    {
        var sockets = new Option<int>("--sockets") { Description = "Subscribed to the lobby's questions over the hub.", DefaultValueFactory = _ => 1_000 };
        var rate = new Option<double>("--rate") { Description = "Questions a second, all the time.", DefaultValueFactory = _ => 20 };
        var callers = new Option<int>("--callers") { Description = "People who sign in, each again once they are in.", DefaultValueFactory = _ => 16 };
        var atOnce = new Option<string>("--at-once") { Description = "Passwords hashed at once, a host each; 0: nobody signs in.", DefaultValueFactory = _ => "0,1,2" };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured, in turns.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Counted seconds of a run.", DefaultValueFactory = _ => 10 };
        var quick = new Option<bool>("--quick") { Description = "A smoke run of some seconds; its figures say little." };
        var command = new Command("signin", "Sign-ins a second, and delivery latencies of many subscribers meanwhile.") { sockets, rate, callers, atOnce, rounds, seconds, quick };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(quick)
            ? new Plan(20, 10, 4, [0, 1], 1, 0.1, 0.5)
            : new Plan(
                parsed.GetValue(sockets), parsed.GetValue(rate), parsed.GetValue(callers),
                [.. parsed.GetRequiredValue(atOnce).Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))],
                parsed.GetValue(rounds), 10, parsed.GetValue(seconds))));
        return command;
    }

    private sealed record Plan(int Sockets, double Rate, int Callers, IReadOnlyList<int> AtOnce, int Rounds, double WarmUp, double Seconds);

    private static async Task<int> RunAsync(Plan plan)
    {
        Console.WriteLine(await Report.AboutAsync());
        var hosts = new List<(int AtOnce, MeasuredHost Host, People People)>();
        var runs = new List<SignInRun>();
        try
        {
            foreach (var atOnce in plan.AtOnce)
            {
                var host = await MeasuredHost.StartAsync(
                    Ways.Product, Askers, rooms: 0,
                    [.. WideLimits, ("Logging__LogLevel__Default", "Warning"), ("Modules__Users__PasswordsAtOnce", Math.Max(1, atOnce).ToString(CultureInfo.InvariantCulture))]);
                hosts.Add((atOnce, host, await People.RegisterAsync(host.Address, atOnce == 0 ? 0 : plan.Callers)));
            }

            for (var round = 1; round <= plan.Rounds; round++)
            {
                foreach (var (atOnce, host, people) in hosts)
                {
                    runs.Add(await MeasureAsync(atOnce, host, people, plan, round));
                    Console.WriteLine(JsonSerializer.Serialize(runs[^1]));
                }
            }
        }
        finally
        {
            foreach (var (_, host, people) in hosts)
            {
                people.Dispose();
                await host.DisposeAsync();
            }
        }

        foreach (var line in SignInReport.Lines(runs))
            Console.WriteLine(line);
        return 0;
    }

    private static async Task<SignInRun> MeasureAsync(int atOnce, MeasuredHost host, People people, Plan plan, int round)
    {
        await using var server = await Server.OpenAsync(host.Database.ConnectionString);
        await server.CheckpointAsync();
        var stored = await server.CountAsync("questions.question");
        var audience = PushWay.Named("hub").Audience(host.Address, plan.Sockets, head: 0);
        var load = new LoadPlan(host.Address.Host, host.Address.Port, Askers, host.Crowd with { Rooms = [Lobby.Code] }, plan.Rate, audience);
        SignInCount? signedIn = null;
        double hostTime = 0;
        var result = await Generators.RunAsync(load, processes: 1, round == 1 ? plan.WarmUp : Math.Min(2, plan.WarmUp), plan.Seconds, async window =>
        {
            var signing = people.SignInUntilOverAsync(window);
            await window.BeganAsync();
            hostTime = (await host.Process.GaugesAsync()).Processor;
            await window.EndedAsync();
            hostTime = (await host.Process.GaugesAsync()).Processor - hostTime;
            signedIn = await signing;
        });
        result.MustHaveStored(await server.CountAsync("questions.question") - stored);
        return new SignInRun(atOnce, plan.Sockets, plan.Rate, people.Count, round, result.Seconds, signedIn!, result.Latency, result.Delivery!, hostTime / result.Seconds);
    }
}
