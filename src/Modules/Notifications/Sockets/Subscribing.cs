using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sockets;

/// <summary>Puts a connection on a stream: from the head, or from where the client says it was.</summary>
internal sealed class Subscribing(LiveStreams streams, Lazy<IStreams> log, Meters meters)
{
    public async Task<SubscribeAnswer> SubscribeAsync(LiveConnection connection, string? name, long? after, string? epoch, CancellationToken ct)
    {
        if (!StreamName.IsValid(name))
            throw Error("stream-invalid", $"A stream is module/name, at most {StreamName.Longest} letters, digits and -_./ long.");
        if (after < 0)
            throw Error("after-invalid", "The number to go on after is 0 or more.");
        if (!connection.Rate.Take())
            throw Error("rate-limited", "That is more than 20 Subscribe a second. Wait a second.");
        var replaced = connection.Find(name!);
        if (replaced is null && connection.Subscriptions.Length >= LiveConnection.MostSubscriptions)
            throw Error("too-many-subscriptions", $"A connection has at most {LiveConnection.MostSubscriptions} subscriptions. Unsubscribe one first.");

        // Before anything is kept for the stream: names that nobody may read must cost nothing.
        var access = await log.Value.AuthorizeAsync(name!, connection.Caller, ct);
        if (!access.Allowed)
            throw Error(access.Code, access.Detail);

        if (replaced is not null)
            await StopAsync(connection, replaced);
        var (subscription, place) = await PlaceAsync(connection, new Position(name!, after, epoch), ct);
        subscription.Cursor = place.Cursor;
        return new SubscribeAnswer(name!, subscription.Stream.Epoch, place.Head, place.Recovered, new RawEvents([.. place.Events.Select(e => e.Json)]))
        {
            Subscription = subscription,
        };
    }

    /// <summary>
    /// Puts a connection whose client does not ask on a stream it may read, shut. What it missed follows; where that cannot
    /// be, or <paramref name="afterHole"/>, first a resync.
    /// </summary>
    public async Task<Subscription> FollowAsync(LiveConnection connection, Position from, bool afterHole, CancellationToken ct)
    {
        var (subscription, place) = await PlaceAsync(connection, from, ct);
        subscription.Cursor = place.Recovered ? from.Seq ?? place.Cursor : place.Head;
        if (place.Page is { } page)
            (subscription.Page, subscription.Reading) = (page, true);
        if (afterHole || !place.Recovered)
            subscription.First = new ResyncFrame(from.Stream, subscription.Cursor, subscription.Stream.Epoch);
        return subscription;
    }

    public static async Task UnsubscribeAsync(LiveConnection connection, string? name)
    {
        if (name is not null && connection.Find(name) is { } subscription)
            await StopAsync(connection, subscription);
    }

    private static Task StopAsync(LiveConnection connection, Subscription subscription)
    {
        connection.Remove(subscription);
        return subscription.StopAsync();
    }

    private async Task<(Subscription Subscription, Place Place)> PlaceAsync(LiveConnection connection, Position from, CancellationToken ct)
    {
        var stream = streams.Follow(from.Stream, s => new Subscription(connection, s), out var subscription);
        if (!connection.Add(subscription))
            stream.Unfollow(subscription);
        try
        {
            await stream.OpenAsync(log.Value, ct);
            return (subscription, await FindAsync(stream, from, ct));
        }
        catch
        {
            connection.Remove(subscription);
            throw;
        }
    }

    private async Task<Place> FindAsync(LiveStream stream, Position from, CancellationToken ct)
    {
        var now = stream.Head;
        if (from.Seq is not { } last)
            return new Place(now, now, Recovered: true, []);
        if (from.Epoch is not null && !string.Equals(from.Epoch, stream.Epoch, StringComparison.Ordinal))
            return NotRecovered(now);
        if (last <= now && stream.TryRead(last, out var events, out var head))
        {
            meters.CaughtUp("ring");
            return new Place(events is [] ? head : events[^1].Seq, head, Recovered: true, events);
        }

        // Older than the ring, or another replica has shown the client more than this one has yet: the log decides.
        var page = await log.Value.ReadAsync(stream.Name, last, Ring.Capacity, ct);
        if (!string.Equals(page.Epoch, stream.Epoch, StringComparison.Ordinal))
        {
            streams.Lose(stream);
            return NotRecovered(page.Head);
        }

        stream.Expect(page.Head);
        if (!page.ReachesBackTo(last))
            return NotRecovered(page.Head);
        meters.CaughtUp("log");
        return page.Events is []
            ? new Place(last, page.Head, Recovered: true, [])
            : new Place(page.Events[^1].Seq, page.Head, Recovered: true, [.. page.Events.Select(Entry.Of)]) { Page = page };
    }

    private Place NotRecovered(long head)
    {
        meters.CaughtUp("nowhere");
        return new Place(head, head, Recovered: false, []);
    }

    private static ClientErrorException Error(string code, string sentence) => new(code, sentence);

    /// <summary>Where a client goes on, and what it missed before that.</summary>
    private sealed record Place(long Cursor, long Head, bool Recovered, Entry[] Events)
    {
        /// <summary>What it missed as the log has it, where it is older than the ring.</summary>
        public StreamPage? Page { get; init; }
    }
}
