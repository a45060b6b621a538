using Microsoft.Extensions.Logging;
using Modular.Kernel.Web;

namespace Modular.Notifications.Sockets;

/// <summary>
/// Asks about sessions that are said to have ended as soon as somebody says so, and only about those with an open socket
/// here. The answer comes from the database; a hint that never came is made up for by the tick.
/// </summary>
internal sealed class HintedSessions(OpenSockets sockets, Rights rights, ILogger<HintedSessions> logger) : Coalesced, IRevocationListener
{
    private readonly Lock gate = new();
    private HashSet<Guid> hinted = [];

    public void SessionsMayHaveChanged(IReadOnlyCollection<Guid> sessions)
    {
        lock (gate)
            hinted.UnionWith(sessions);
        Schedule();
    }

    protected override async ValueTask RunAsync()
    {
        HashSet<Guid> asked;
        lock (gate)
            (asked, hinted) = (hinted, []);
        var open = sockets.All.Where(c => c.Caller is { } caller && asked.Contains(caller.SessionId)).ToList();
        if (open.Count > 0)
            await rights.RecheckAsync(open, CancellationToken.None);
    }

    protected override void Failed(Exception error) =>
        logger.LogWarning(error, "Sessions that may have ended cannot be checked now; they are with the others in some seconds");
}
