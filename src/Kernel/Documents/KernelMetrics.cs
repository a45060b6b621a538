using System.Diagnostics.Metrics;
using Modular.Kernel.Observability;

namespace Modular.Kernel.Documents;

/// <summary>The Kernel's instruments, on the meter <c>Modular.Kernel</c>; docs/metrics.md says what each is for.</summary>
public sealed partial class KernelMetrics
{
    public const string MeterName = "Modular.Kernel";

    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> commitTime;
    private readonly Histogram<int> publishSize;
    private readonly Histogram<double> publishTime;
    private readonly Counter<long> publishFailures;
    private readonly Counter<long> returned;
    private readonly Counter<long> adopted;
    private readonly Counter<long> rescued;
    private readonly Histogram<double> handlerTime;
    private readonly Counter<long> handlerFailures;
    private readonly Counter<long> handlerDuplicates;
    private readonly Counter<long> deadLetters;
    private readonly Counter<long> signalsLost;
    private readonly Histogram<double> busLag;

    public KernelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        batchSize = meter.CreateSizes("modular.commit.batch_size", "{session}", "Sessions that shared a commit");
        commitTime = meter.CreateTimes("modular.commit.duration", "From sending a batch to its durable answer");
        publishSize = meter.CreateSizes("modular.publish.batch_size", "{event}", "Events that left as one message");
        publishTime = meter.CreateTimes("modular.publish.duration", "From publishing a batch until its rows may go: confirmed, or handled where there is no broker");
        publishFailures = meter.CreateCounter<long>("modular.publish.failures", "{batch}", "Batches that were not taken and are published again");
        returned = meter.CreateCounter<long>("modular.publish.returned", "{batch}", "Batches the broker could not route");
        adopted = meter.CreateCounter<long>("modular.outbox.adopted", "{event}", "Undelivered events taken over from processes that are gone");
        rescued = meter.CreateCounter<long>("modular.outbox.rescued", "{event}", "Committed events that never reached a lane's queue and were found in the table");
        handlerTime = meter.CreateTimes("modular.handler.duration", "One try of a handler, with its commit");
        handlerFailures = meter.CreateCounter<long>("modular.handler.failures", "{try}", "Tries of handlers that threw and counted");
        handlerDuplicates = meter.CreateCounter<long>("modular.handler.duplicates", "{event}", "Events that came again and had been handled");
        deadLetters = meter.CreateCounter<long>("modular.dead_letters", "{event}", "Events a handler gave up on");
        signalsLost = meter.CreateCounter<long>("modular.signals.lost", "{signal}", "Signals that did not reach the other replicas");
        busLag = meter.CreateTimes("modular.bus.lag", "From publishing a message to its arrival here");
        CreateWatched(meter);
    }

    internal void Committed(string module, int sessions, TimeSpan took)
    {
        batchSize.Record(sessions, Of(module));
        commitTime.Record(took.TotalSeconds, Of(module));
    }

    /// <summary>Canaries are empty batches; they would only hide how full the real ones are.</summary>
    internal void Published(string module, int events, TimeSpan took)
    {
        if (events == 0)
            return;
        publishSize.Record(events, Of(module));
        publishTime.Record(took.TotalSeconds, Of(module));
    }

    internal void NotPublished(string module) => publishFailures.Add(1, Of(module));

    internal void Returned(string module) => returned.Add(1, Of(module));

    internal void Adopted(string module, int events) => Add(adopted, module, events);

    internal void Rescued(string module, int events) => Add(rescued, module, events);

    internal void Handled(string module, string handler, TimeSpan took) => handlerTime.Record(took.TotalSeconds, Of(module), new("handler", handler));

    internal void HandlerFailed(string module, string handler) => handlerFailures.Add(1, Of(module), new("handler", handler));

    internal void HandledBefore(string module) => handlerDuplicates.Add(1, Of(module));

    internal void DeadLettered(string module) => deadLetters.Add(1, Of(module));

    internal void SignalsLost(int count) => signalsLost.Add(count);

    internal void Arrived(string module, TimeSpan lag) => busLag.Record(Math.Max(0, lag.TotalSeconds), Of(module));

    private static void Add(Counter<long> counter, string module, int count)
    {
        if (count > 0)
            counter.Add(count, Of(module));
    }

    private static KeyValuePair<string, object?> Of(string module) => new("module", module);
}
