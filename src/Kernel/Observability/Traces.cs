using System.Diagnostics;

namespace Modular.Kernel.Observability;

/// <summary>
/// How a trace goes on beyond its request: as the <c>traceparent</c> that an event carries to lanes, handlers and sockets, here and on
/// other replicas. Only what is really kept has one, so an event of an untraced request costs a null.
/// </summary>
public static class Traces
{
    internal static readonly ActivitySource Source = new("Modular.Kernel");

    /// <summary>
    /// The <c>traceparent</c> of what is being done, if it is kept. The framework gives every request an activity for its log and copies
    /// the caller's "sampled" into it; that alone says nothing.
    /// </summary>
    internal static string? Current =>
        Source.HasListeners() && Activity.Current is { Recorded: true, IsAllDataRequested: true } doing ? doing.Id : null;

    /// <summary>Tells of something that is over: from <paramref name="begun"/> until now.</summary>
    public static void Tell(ActivitySource source, string verb, string what, ActivityKind kind, string trace, DateTimeOffset begun, string tag, object? value)
    {
        if (ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var parent))
            source.StartActivity(kind, parent, startTime: begun, tags: [new(tag, value)], name: $"{verb} {what}")?.Dispose();
    }

    /// <summary>Begins something that belongs to a trace; dispose it at the end. Null where there is no trace.</summary>
    internal static Activity? Begin(string verb, string what, ActivityKind kind, string? trace) =>
        trace is not null && ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var parent)
            ? Source.StartActivity(kind, parent, name: $"{verb} {what}")
            : null;
}
