using System.Diagnostics.Metrics;

namespace Modular.Kernel.Documents;

/// <summary>The Kernel's instruments, on the meter <c>Modular.Kernel</c>.</summary>
public sealed class KernelMetrics
{
    public const string MeterName = "Modular.Kernel";

    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> commitTime;
    private readonly Counter<long> deadLetters;
    private readonly Counter<long> signalsLost;
    private readonly Counter<long> adopted;

    public KernelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        batchSize = meter.CreateHistogram<int>("modular.commit.batch_size", "{session}", "Sessions that shared a commit");
        commitTime = meter.CreateHistogram<double>("modular.commit.duration", "ms", "Time of a batch from sending to the durable answer");
        deadLetters = meter.CreateCounter<long>("modular.dead_letters", "{event}", "Events a handler gave up on");
        signalsLost = meter.CreateCounter<long>("modular.signals.lost", "{signal}", "Signals that did not reach the other replicas");
        adopted = meter.CreateCounter<long>("modular.outbox.adopted", "{event}", "Undelivered events taken over from processes that are gone");
    }

    internal void Committed(string module, int sessions, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("module", module);
        batchSize.Record(sessions, tag);
        commitTime.Record(took.TotalMilliseconds, tag);
    }

    internal void Adopted(string module, int events)
    {
        if (events > 0)
            adopted.Add(events, new KeyValuePair<string, object?>("module", module));
    }

    internal void DeadLettered(string module) => deadLetters.Add(1, new KeyValuePair<string, object?>("module", module));

    internal void SignalsLost(int count) => signalsLost.Add(count);
}
