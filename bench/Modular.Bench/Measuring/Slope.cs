namespace Modular.Bench.Measuring;

internal static class Slope
{
    /// <summary>By how much y grows with each x, by least squares.</summary>
    public static double Of(IReadOnlyCollection<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
        return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
    }
}
