using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Modular.Testing;

namespace Modular.Host.Tests;

/// <summary>docs/metrics.md names every instrument of the product with its unit, and none that there is not.</summary>
public sealed partial class MetricsPageTests
{
    [Fact]
    public async Task The_page_and_the_product_know_the_same_instruments()
    {
        await using var product = await Product.StartAsync();
        var instruments = Instruments();
        Assert.True(instruments.Count > 20, "the product's instruments were not found");
        Assert.Empty(instruments.Except(OnThePage()));
        Assert.Empty(OnThePage().Except(instruments));
    }

    [Fact]
    public void An_instrument_that_nobody_wrote_down_is_found()
    {
        using var meter = new Meter("Modular.Canary");
        meter.CreateCounter<int>("modular.canary.sung", "{song}");
        Assert.Contains("modular.canary.sung {song}", Instruments().Except(OnThePage()));
    }

    private static List<string> Instruments()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Modular.", StringComparison.Ordinal))
                    found.Add($"{instrument.Name} {instrument.Unit}");
            },
        };
        listener.Start();
        return [.. found];
    }

    private static List<string> OnThePage() =>
        [.. Row().Matches(File.ReadAllText(Path.Combine(Places.Root, "docs", "metrics.md"))).Select(row => $"{row.Groups["name"].Value} {row.Groups["unit"].Value}")];

    [GeneratedRegex(@"^\| `(?<name>modular\.[a-z_.]+)` \| `(?<unit>[^`]+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
