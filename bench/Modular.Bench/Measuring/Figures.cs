using System.Globalization;

namespace Modular.Bench.Measuring;

/// <summary>What several rounds came to.</summary>
internal sealed record Figures(double Median, double Least, double Most, int Count)
{
    public static Figures Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted is []
            ? new Figures(double.NaN, double.NaN, double.NaN, 0)
            : new Figures((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1], sorted.Length);
    }

    /// <summary>The median and, where there were several rounds, the least and the most; nothing where something could not be read.</summary>
    public string Text(string format) =>
        double.IsNaN(Least) || double.IsNaN(Most) ? ""
        : Count == 1 ? One(Median, format)
        : $"{One(Median, format)} ({One(Least, format)}–{One(Most, format)})";

    public static string One(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
