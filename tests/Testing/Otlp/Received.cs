namespace Modular.Testing.Otlp;

/// <summary>A span as a collector gets it.</summary>
/// <param name="Parent">Empty for the first span of a trace.</param>
/// <param name="Instance">The process that sent it: <c>service.instance.id</c>.</param>
public sealed record ReceivedSpan(
    string TraceId, string SpanId, string Parent, string Name, string Source, string Instance, IReadOnlyDictionary<string, string> Attributes)
{
    internal static IEnumerable<ReceivedSpan> In(ReadOnlyMemory<byte> request) =>
        from resource in new Protobuf(request).All(1)
        let about = Values.Of(resource.One(1)!, 1)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new ReceivedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), scope.One(1)!.Text(1), about["service.instance.id"], Values.Of(span, 9));
}

/// <summary>The last value of an instrument as a collector gets it, all its tags together.</summary>
/// <param name="Value">The sum of counters and gauges, for histograms the number of recordings.</param>
public sealed record ReceivedMetric(string Name, string Unit, string Meter, string Instance, double Value, IReadOnlyList<IReadOnlyDictionary<string, string>> Tags)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    internal static IEnumerable<ReceivedMetric> In(ReadOnlyMemory<byte> request) =>
        from resource in new Protobuf(request).All(1)
        let about = Values.Of(resource.One(1)!, 1)
        from scope in resource.All(2)
        from metric in scope.All(2)
        let numbers = (metric.One(Gauge) ?? metric.One(Sum))?.All(1).ToList() ?? []
        let histograms = metric.One(Histogram)?.All(1).ToList() ?? []
        select new ReceivedMetric(
            metric.Text(1), metric.Text(3), scope.One(1)!.Text(1), about["service.instance.id"],
            numbers.Sum(n => n.Has(4) ? n.Real(4) : (long)n.Number(6)) + histograms.Sum(h => (double)h.Number(4)),
            [.. numbers.Select(n => Values.Of(n, 7)), .. histograms.Select(h => Values.Of(h, 9))]);
}

internal static class Values
{
    /// <summary>The <c>KeyValue</c>s in a field, their values as text.</summary>
    public static IReadOnlyDictionary<string, string> Of(Protobuf message, int field) =>
        message.All(field).ToDictionary(pair => pair.Text(1), pair => Text(pair.One(2)!), StringComparer.Ordinal);

    private static string Text(Protobuf value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? (value.Number(2) != 0).ToString()
        : value.Has(3) ? ((long)value.Number(3)).ToString()
        : value.Has(4) ? value.Real(4).ToString()
        : "";
}
