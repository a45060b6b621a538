using System.CommandLine;
using Modular.Bench.Measuring;
using Modular.Bench.Store;

namespace Modular.Bench;

/// <summary><c>./dev bench commit</c>: the commit loop beside one transaction a request, without HTTP.</summary>
internal static class CommitBench
{
    private const string Surface = "store";

    public static Command Command()
    {
        var callers = TurnOptions.Numbers("--callers", "How many commit at once.", "1,16,64,256");
        var streams = TurnOptions.Numbers("--streams", "Over how many streams they are spread.", "1,64");
        var command = new Command("commit", "Sessions a second and latencies of the commit loop beside one transaction a request.") { callers, streams };
        var turns = new TurnOptions(command);
        command.SetAction((parsed, _) => InTurns.RunAsync(
            turns.Read(
                parsed,
                from s in TurnOptions.Split(parsed.GetRequiredValue(streams))
                from c in TurnOptions.Split(parsed.GetRequiredValue(callers))
                select new Setting(Surface, (int)s, (int)c),
                [new Setting(Surface, 1, 1), new Setting(Surface, 1, 16)]),
            async () => await StoreSurface.StartAsync()));
        return command;
    }
}
