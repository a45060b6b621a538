using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Modular.Notifications.Sockets;

/// <summary>How many connections this process and each session has, counted from the door on: many that knock at once must not all get in.</summary>
internal sealed class Places(IOptions<NotificationsSettings> settings)
{
    private readonly ConcurrentDictionary<Guid, int> sessions = [];
    private int taken;

    /// <summary>Null when there is none.</summary>
    /// <param name="session">Of who comes; null for nobody signed in, who only counts for the process.</param>
    public Place? Take(Guid? session)
    {
        if (Interlocked.Increment(ref taken) <= settings.Value.MostSockets && (session is null || TryTake(session.Value)))
            return new Place(this, session);
        Interlocked.Decrement(ref taken);
        return null;
    }

    private bool TryTake(Guid session)
    {
        if (sessions.AddOrUpdate(session, 1, static (_, count) => count + 1) <= settings.Value.MostSocketsPerSession)
            return true;
        GiveBack(session);
        return false;
    }

    private void GiveBack(Guid session)
    {
        if (sessions.AddOrUpdate(session, 0, static (_, count) => count - 1) == 0)
            sessions.TryRemove(KeyValuePair.Create(session, 0));
    }

    /// <summary>A connection's, until it is disposed.</summary>
    internal sealed class Place(Places places, Guid? session) : IDisposable
    {
        private readonly Lock gate = new();
        private Guid? owner = session;
        private bool left;

        /// <summary>The connection is now <paramref name="other"/>'s; false when that one has too many.</summary>
        public bool TryMove(Guid other)
        {
            lock (gate)
            {
                if (left || owner == other)
                    return true;
                if (!places.TryTake(other))
                    return false;
                if (owner is { } before)
                    places.GiveBack(before);
                owner = other;
                return true;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                if (left)
                    return;
                left = true;
                Interlocked.Decrement(ref places.taken);
                if (owner is { } own)
                    places.GiveBack(own);
            }
        }
    }
}
