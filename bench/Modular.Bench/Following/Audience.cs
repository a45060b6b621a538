namespace Modular.Bench.Following;

/// <summary>How subscribers are reached.</summary>
internal enum Protocol
{
    /// <summary>SignalR's JSON over a WebSocket.</summary>
    Hub,

    /// <summary>A WebSocket whose messages are plain JSON.</summary>
    Socket,

    /// <summary>Server-sent events.</summary>
    Events,
}

/// <summary>Who follows, where, and how many of them.</summary>
/// <param name="Path">Of the hub, the socket or the events, query included.</param>
/// <param name="Stream">What they call Subscribe for; null where the path says it all.</param>
/// <param name="First">The number of their first, where others follow as well.</param>
internal sealed record Audience(Protocol Protocol, string Host, int Port, string Path, string? Stream, int Size, int First = 0)
{
    /// <summary>The part of one of several processes; all parts together are all of them.</summary>
    public Audience Part(int process, int processes)
    {
        var (begin, end) = (Size * process / processes, Size * (process + 1) / processes);
        return this with { First = First + begin, Size = end - begin };
    }
}
