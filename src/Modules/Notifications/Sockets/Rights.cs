using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Kernel.Web;
using Modular.Notifications.Frames;

namespace Modular.Notifications.Sockets;

/// <summary>Asks again what open connections may still read, and closes what they may not.</summary>
internal sealed class Rights(Lazy<IStreams> streams, ICallerSource callers, Meters meters, ILogger<Rights> logger)
{
    /// <summary>The connection becomes whoever <paramref name="token"/> is; subscriptions that one may not read are closed.</summary>
    public async Task AuthenticateAsync(LiveConnection connection, string? token, CancellationToken ct)
    {
        var caller = string.IsNullOrEmpty(token) ? null : await callers.ByTokenAsync(token, ct);
        if (caller is null)
            throw new ClientErrorException("token-invalid", "This access token is not valid (any more). Get a new one.");
        if (connection.Place?.TryMove(caller.SessionId) == false)
            throw new ClientErrorException("too-many-sockets", "This session has too many connections. Close some first.");
        connection.Caller = caller;
        foreach (var subscription in connection.Subscriptions)
            Check(subscription, await streams.Value.AuthorizeAsync(subscription.Stream.Name, caller, ct));
    }

    /// <summary>
    /// Cuts connections whose session has ended and closes subscriptions whose right is gone; one question a session
    /// list, and one a (stream, caller).
    /// </summary>
    public async Task RecheckAsync(IReadOnlyCollection<LiveConnection> connections, CancellationToken ct)
    {
        var sessions = connections.Select(c => c.Caller?.SessionId).OfType<Guid>().ToHashSet();
        var ended = sessions.Count == 0 ? [] : (await callers.EndedAsync(sessions, ct)).ToHashSet();
        var known = new Dictionary<(string Stream, Caller? Caller), StreamAccess?>();
        foreach (var connection in connections)
        {
            var caller = connection.Caller;
            if (caller is not null && ended.Contains(caller.SessionId))
            {
                logger.LogDebug("The session of connection {Connection} has ended; it is closed", connection.Socket.Id);
                connection.Socket.Cut(Cutting.Session);
                continue;
            }

            foreach (var subscription in connection.Subscriptions)
            {
                var key = (subscription.Stream.Name, caller);
                if (!known.TryGetValue(key, out var access))
                    known[key] = access = await AskAsync(key.Name, caller, ct);

                // Signed in as another meanwhile: this answer is about somebody else.
                if (access is { } answer && ReferenceEquals(caller, connection.Caller))
                    Check(subscription, answer);
            }
        }
    }

    /// <summary>Null when nobody can say now: the right stays as it was, and one module's trouble stays its own.</summary>
    private async ValueTask<StreamAccess?> AskAsync(string stream, Caller? caller, CancellationToken ct)
    {
        try
        {
            return await streams.Value.AuthorizeAsync(stream, caller, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.LogWarning(e, "The right to read {Stream} cannot be checked", stream);
            return null;
        }
    }

    private void Check(Subscription subscription, StreamAccess access)
    {
        if (access.Allowed)
            return;
        meters.Closed(access.Code);
        subscription.Finish(new ClosedFrame(subscription.Stream.Name, access.Code, access.Detail));
    }
}
