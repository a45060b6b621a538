using System.Diagnostics.Metrics;

namespace Modular.Kernel.Observability;

/// <summary>
/// Histograms of this product. Times are in seconds, as the framework's are. The default buckets are made for
/// milliseconds: everything here would fall into the first one.
/// </summary>
public static class Instruments
{
    private static readonly InstrumentAdvice<double> Times = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };
    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    public static Histogram<double> CreateTimes(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Times);

    public static Histogram<int> CreateSizes(this Meter meter, string name, string unit, string description) =>
        meter.CreateHistogram(name, unit, description, tags: null, Sizes);
}
