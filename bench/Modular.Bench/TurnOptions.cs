using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Modular.Bench.Measuring;

namespace Modular.Bench;

/// <summary>The options that the measurements of a surface share.</summary>
internal sealed class TurnOptions
{
    private readonly Option<double> seconds = new("--seconds") { Description = "Counted seconds of a run.", DefaultValueFactory = _ => 6 };
    private readonly Option<double> warmUp = new("--warm-up") { Description = "Seconds each way runs before anything counts.", DefaultValueFactory = _ => 10 };
    private readonly Option<int> rounds = new("--rounds") { Description = "How often each way is measured, in turns.", DefaultValueFactory = _ => 3 };
    private readonly Option<string> ways = new("--ways") { Description = "plain, product or both; one alone is for profiling.", DefaultValueFactory = _ => string.Join(',', Ways.All) };
    private readonly Option<bool> quick = new("--quick") { Description = "A smoke run of some seconds; its figures say little." };

    public TurnOptions(Command command)
    {
        foreach (var option in new Option[] { seconds, warmUp, rounds, ways, quick })
            command.Add(option);
    }

    public static Option<string> Numbers(string name, string description, string preset) => new(name) { Description = description, DefaultValueFactory = _ => preset };

    public static IEnumerable<double> Split(string numbers) =>
        numbers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture));

    /// <param name="few">What a smoke run measures instead.</param>
    public Turns Read(ParseResult parsed, IEnumerable<Setting> settings, IReadOnlyList<Setting> few) => parsed.GetValue(quick)
        ? new Turns(0.3, 0.1, 0.1, 1, few, Ways.All)
        : new Turns(parsed.GetValue(seconds), parsed.GetValue(warmUp), 0.5, parsed.GetValue(rounds), [.. settings], parsed.GetRequiredValue(ways).Split(','));
}
