using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Modular.Testing;

/// <summary>What one host has recorded on the product's instruments since this was made.</summary>
public sealed class Measured : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> recorded = new();
    private readonly MeterListener listener = new();

    public Measured(IServiceProvider host)
    {
        var meters = host.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name.StartsWith("Modular.", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    /// <param name="tag">One that the recordings must have, for example <c>("reason", "slow")</c>.</param>
    public IReadOnlyList<double> Values(string name, (string Key, object Value)? tag = null) =>
        [.. recorded.Where(r => r.Name == name && (tag is not { } t || Equals(r.Tags.GetValueOrDefault(t.Key), t.Value))).Select(r => r.Value)];

    public double Sum(string name, (string Key, object Value)? tag = null) => Values(name, tag).Sum();

    /// <summary>What a gauge says now.</summary>
    public double Now(string name, (string Key, object Value)? tag = null)
    {
        var before = Values(name, tag).Count;
        listener.RecordObservableInstruments();
        return Values(name, tag).Skip(before).Sum();
    }

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        recorded.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));
}
