using System.CommandLine;
using Modular.Bench.Http;
using Modular.Bench.Measuring;

namespace Modular.Bench;

/// <summary><c>./dev bench post</c>: <c>POST /api/questions</c>, whose commits are the commit loop's or one transaction a request.</summary>
internal static class PostBench
{
    private const string Surface = "http";

    /// <summary>Connections of the open loops: more than are ever in flight on a host that keeps up.</summary>
    private const int OpenLoop = 64;

    public static Command Command()
    {
        var callers = TurnOptions.Numbers("--callers", "Closed loops: how many ask at once, each again once it is answered.", "16,64");
        var rates = TurnOptions.Numbers("--rates", "Open loops: questions a second, whether or not earlier ones are answered.", "200,1000");
        var streams = TurnOptions.Numbers("--streams", "Over how many rooms they are spread.", "1");
        var command = new Command("post", "POST /api/questions: answers a second and latencies, closed and open loop, product beside plain.") { callers, rates, streams };
        var turns = new TurnOptions(command);
        command.SetAction((parsed, _) =>
        {
            var plan = turns.Read(
                parsed,
                from s in TurnOptions.Split(parsed.GetRequiredValue(streams))
                from setting in TurnOptions.Split(parsed.GetRequiredValue(callers)).Select(c => new Setting(Surface, (int)s, (int)c))
                    .Concat(TurnOptions.Split(parsed.GetRequiredValue(rates)).Select(rate => new Setting(Surface, (int)s, OpenLoop, rate)))
                select setting,
                [new Setting(Surface, 1, 4), new Setting(Surface, 1, 8, 50)]);
            return InTurns.RunAsync(
                plan, async () => await PostSurface.StartAsync(plan.Ways, plan.Settings.Max(s => s.Callers), plan.Settings.Max(s => s.Streams)));
        });
        return command;
    }
}
