using System.Diagnostics.Metrics;
using Modular.Kernel.Documents;

namespace Modular.Bench.Measuring;

/// <summary>How often one module did something to many at once, and to how many in all, from the product's own instrument for the size of a batch.</summary>
internal sealed class BatchCount : IDisposable
{
    private readonly MeterListener listener = new();
    private long members;
    private long batches;

    public BatchCount(string name, string module)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: KernelMetrics.MeterName } && instrument.Name == name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, tags, _) =>
        {
            if (tags.Length == 0 || !module.Equals(tags[0].Value))
                return;
            Interlocked.Add(ref members, size);
            Interlocked.Increment(ref batches);
        });
        listener.Start();
    }

    public (long Members, long Batches) Now => (Interlocked.Read(ref members), Interlocked.Read(ref batches));

    public void Dispose() => listener.Dispose();
}
