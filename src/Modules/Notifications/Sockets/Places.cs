using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Modular.Notifications.Sockets;

/// <summary>
/// How many connections this process, each session and each address without one have, counted from the door on: many that knock at once must
/// not all get in. Who is signed in does not count for their address, which a whole hall may share.
/// </summary>
internal sealed class Places(IOptions<NotificationsSettings> settings)
{
    private readonly Counts<Guid> sessions = new(settings.Value.MostSocketsPerSession);
    private readonly Counts<string> addresses = new(settings.Value.MostSocketsPerAddress);
    private int taken;

    /// <summary>Null when there is none.</summary>
    /// <param name="session">Of who comes; null for nobody signed in.</param>
    public Place? Take(Guid? session, string address)
    {
        if (Interlocked.Increment(ref taken) <= settings.Value.MostSockets && (session is { } known ? sessions.TryTake(known) : addresses.TryTake(address)))
            return new Place(this, session, address);
        Interlocked.Decrement(ref taken);
        return null;
    }

    private void GiveBack(Guid? session, string address)
    {
        if (session is { } known)
            sessions.GiveBack(known);
        else
            addresses.GiveBack(address);
    }

    private sealed class Counts<T>(int most) where T : notnull
    {
        private readonly ConcurrentDictionary<T, int> counts = [];

        public bool TryTake(T one)
        {
            if (counts.AddOrUpdate(one, 1, static (_, count) => count + 1) <= most)
                return true;
            GiveBack(one);
            return false;
        }

        public void GiveBack(T one)
        {
            if (counts.AddOrUpdate(one, 0, static (_, count) => count - 1) == 0)
                counts.TryRemove(KeyValuePair.Create(one, 0));
        }
    }

    /// <summary>A connection's, until it is disposed.</summary>
    internal sealed class Place(Places places, Guid? session, string address) : IDisposable
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
                if (!places.sessions.TryTake(other))
                    return false;
                places.GiveBack(owner, address);
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
                places.GiveBack(owner, address);
            }
        }
    }
}
