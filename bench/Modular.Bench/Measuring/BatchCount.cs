using System.Diagnostics.Metrics;
using Modular.Kernel.Documents;

namespace Modular.Bench.Measuring;

/// <summary>Sessions and commits of one module's commit loop, from the product's own instrument.</summary>
internal sealed class BatchCount : IDisposable
{
    private readonly MeterListener listener = new();
    private long sessions;
    private long batches;

    public BatchCount(string module)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: KernelMetrics.MeterName, Name: "modular.commit.batch_size" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, tags, _) =>
        {
            if (tags.Length == 0 || !module.Equals(tags[0].Value))
                return;
            Interlocked.Add(ref sessions, size);
            Interlocked.Increment(ref batches);
        });
        listener.Start();
    }

    public (long Sessions, long Batches) Now => (Interlocked.Read(ref sessions), Interlocked.Read(ref batches));

    public void Dispose() => listener.Dispose();
}
