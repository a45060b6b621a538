using Modular.Kernel.Messaging;

namespace Modular.Kernel.Messaging;

/// <summary>A committed event that still has to be told to others: the to-do list of the process that wrote it.</summary>
/// <param name="Id">Its place in the table of the process that wrote it; 0 where it came through a broker.</param>
/// <param name="Stream">Null for events to handlers only.</param>
/// <param name="Trace">W3C <c>traceparent</c> of what caused it, where that is being traced.</param>
internal sealed record OutboxRow(
    long Id, short Lane, Guid EventId, string? Stream, long Seq, string Type, Guid Subject, ReadOnlyMemory<byte> Data,
    DateTimeOffset At, string? RequestId, Guid? Redacts, string? Trace = null)
{
    public StreamEvent ToStreamEvent() => new(Stream!, Seq, EventId, Type, Subject, Data, At, Redacts, Trace);

    public EventContext Context => new(EventId, Stream, Seq, At, RequestId);
}

internal static class Lanes
{
    public const short Count = 2;

    /// <summary>A stream always travels in the same lane, whichever process or version computes it (FNV-1a).</summary>
    public static short Of(string? stream, Guid eventId)
    {
        if (stream is null)
            return (short)(eventId.ToByteArray()[15] % Count);
        var hash = 2166136261u;
        foreach (var c in stream)
            hash = (hash ^ c) * 16777619u;
        return (short)(hash % Count);
    }
}
