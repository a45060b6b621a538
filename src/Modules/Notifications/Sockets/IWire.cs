using Modular.Notifications.Frames;

namespace Modular.Notifications.Sockets;

/// <summary>One client's connection in the protocol it speaks. Only its <see cref="Pump"/> writes; cutting may come from anywhere.</summary>
internal interface IWire
{
    Protocol Protocol { get; }

    /// <summary>For the log.</summary>
    string Id { get; }

    /// <summary>Cancelled when the connection is gone.</summary>
    CancellationToken Aborted { get; }

    /// <summary>Done when the connection has taken it, which for a client that does not read may be never.</summary>
    ValueTask WriteAsync(Frame frame);

    /// <summary>Called every 5 s; what keeps the connection open and finds out whether the client is there.</summary>
    ValueTask KeepAliveAsync();

    /// <summary>Whether the client has not answered for so long that it must be taken for gone.</summary>
    bool IsSilent { get; }

    /// <summary>This process leaves: the client is asked to come back after <paramref name="after"/>, to another.</summary>
    ValueTask LeaveAsync(TimeSpan after);

    /// <summary>Ends it now, also where a write is stuck; says why where the protocol can.</summary>
    void Cut(Cutting reason);
}

/// <summary>Why this server ends a connection.</summary>
internal enum Cutting
{
    /// <summary>It took no frame for 10 s.</summary>
    Slow,

    /// <summary>It answered no ping for 30 s.</summary>
    Silent,

    /// <summary>Its session has ended.</summary>
    Session,

    Error,
}
