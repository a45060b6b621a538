using Modular.Kernel.Messaging.Signals;
using Modular.Kernel.Web;

namespace Modular.Kernel.Messaging;

/// <summary>An event as it stands in a stream. <paramref name="Data"/> is UTF-8 JSON, written once and sent as it is.</summary>
/// <param name="Trace">W3C <c>traceparent</c> of what caused it, where that is being traced; the log does not keep it.</param>
/// <param name="Redacts">The subject whose earlier events on this stream have lost their data with this one.</param>
public sealed record StreamEvent(
    string Stream, long Seq, Guid EventId, string Type, Guid Subject, ReadOnlyMemory<byte> Data, DateTimeOffset At, Guid? Redacts = null, string? Trace = null);

/// <summary>A page of a stream's log, with its first kept number (0 when nothing is kept) and head, all from one statement.</summary>
public sealed record StreamPage(string Stream, string Epoch, long Head, long FirstKept, IReadOnlyList<StreamEvent> Events)
{
    /// <summary>Whether the log still reaches back to <paramref name="after"/>.</summary>
    public bool ReachesBackTo(long after) => after <= Head && (after == Head || (FirstKept > 0 && FirstKept <= after + 1));
}

/// <summary>Reads the streams of all modules; the first segment of a name says whose it is.</summary>
public interface IStreams
{
    /// <summary>Events with numbers above <paramref name="after"/>, oldest first, at most <paramref name="limit"/>, and fewer where they are big.</summary>
    Task<StreamPage> ReadAsync(string stream, long after, int limit, CancellationToken ct);

    /// <summary>Events of several streams at once (healing): one query a module. Streams without an event in their range are absent.</summary>
    Task<IReadOnlyDictionary<string, StreamPage>> ReadManyAsync(IReadOnlyCollection<(string Stream, long After)> ranges, int limitEach, CancellationToken ct);

    /// <summary>Heads of the named streams, one query a module; 0 for one without events.</summary>
    Task<IReadOnlyDictionary<string, long>> HeadsAsync(IReadOnlyCollection<string> streams, CancellationToken ct);

    /// <summary>The epoch of the store that owns <paramref name="stream"/>, as of the last new connection to it.</summary>
    string EpochOf(string stream);

    /// <summary>Whether <paramref name="caller"/> (null: nobody signed in) may read <paramref name="stream"/>, decided by the module that owns it.</summary>
    ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct);
}

/// <summary>Decides who may read a module's streams. One a module; it sees every name that starts with the module's name.</summary>
public interface IStreamAuthorizer
{
    ValueTask<StreamAccess> AuthorizeAsync(string stream, Caller? caller, CancellationToken ct);
}

/// <summary>The answer to "may I read this stream": allowed, or a stable problem code with a sentence.</summary>
public readonly record struct StreamAccess(bool Allowed, string Code, string Detail)
{
    public static StreamAccess Yes { get; } = new(true, "", "");

    public static StreamAccess NotFound { get; } = new(false, "stream-not-found", "There is no such stream.");

    public static StreamAccess No(string code, string detail) => new(false, code, detail);
}

/// <summary>Takes events and signals for the sockets of this process. Must return at once: the caller is the commit loop, a lane or a request.</summary>
public interface ILiveSink
{
    /// <summary>In commit order within a stream; duplicates and gaps are possible after a crash or from another replica.</summary>
    void Deliver(IReadOnlyList<StreamEvent> events);

    /// <summary>The epoch of a module's store changed: numbers may have been rewound, everything remembered of its streams is void.</summary>
    void EpochChanged(string module);

    /// <summary>Something passing on a stream, for those who follow it now. Nobody heals a lost one.</summary>
    void Signal(SignalMessage signal);
}
