using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Modular.Kernel.Observability;

/// <summary>
/// A trace begins with a request, or not at all: a share of them, and never more than so many a second, because a span for every event costs
/// more than the event. What happens inside a trace follows its beginning; what happens outside of one (heartbeats, leases, flushers, shared
/// commits) is measured and not traced. A caller may name the trace and not decide about it, or everybody could switch tracing on.
/// </summary>
internal sealed class RequestSampler(OtelSettings settings, TimeProvider clock) : Sampler
{
    private static readonly SamplingResult Keep = new(SamplingDecision.RecordAndSample);
    private static readonly SamplingResult Drop = new(SamplingDecision.Drop);

    private readonly Lock gate = new();
    private double left = settings.TracesPerSecond;
    private long since = clock.GetTimestamp();

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var begins = parent.TraceId == default
            || (parent.IsRemote && samplingParameters.Kind == ActivityKind.Server && !settings.TrustCallers);
        if (!begins)
            return parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? Keep : Drop;
        return samplingParameters.Kind == ActivityKind.Server && Random.Shared.NextDouble() < settings.Sampling && Take() ? Keep : Drop;
    }

    private bool Take()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            left = Math.Min(settings.TracesPerSecond, left + (clock.GetElapsedTime(since, now).TotalSeconds * settings.TracesPerSecond));
            since = now;
            if (left < 1)
                return false;
            left--;
            return true;
        }
    }
}
