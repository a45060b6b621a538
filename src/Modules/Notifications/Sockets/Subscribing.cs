using Microsoft.AspNetCore.SignalR;
using Modular.Kernel.Messaging;
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
        var stream = streams.Follow(name!, s => new Subscription(connection, s), out var subscription);
        if (!connection.Add(subscription))
            stream.Unfollow(subscription);
        try
        {
            await stream.OpenAsync(log.Value, ct);
            return await AnswerAsync(subscription, after, epoch, ct);
        }
        catch
        {
            connection.Remove(subscription);
            throw;
        }
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

    private async Task<SubscribeAnswer> AnswerAsync(Subscription subscription, long? after, string? epoch, CancellationToken ct)
    {
        var stream = subscription.Stream;
        var now = stream.Head;
        if (after is not { } last)
            return Answer(subscription, now, now, recovered: true, []);
        if (epoch is not null && !string.Equals(epoch, stream.Epoch, StringComparison.Ordinal))
            return NotRecovered(subscription, now);
        if (last <= now && stream.TryRead(last, out var events, out var to, out var head))
        {
            meters.CaughtUp("ring");
            return Answer(subscription, to, head, recovered: true, events);
        }

        // Older than the ring, or another replica has shown the client more than this one has yet: the log decides.
        var page = await log.Value.ReadAsync(stream.Name, last, Ring.Capacity, ct);
        if (!string.Equals(page.Epoch, stream.Epoch, StringComparison.Ordinal))
        {
            streams.Lose(stream);
            return NotRecovered(subscription, page.Head);
        }

        stream.Expect(page.Head);
        if (!page.ReachesBackTo(last))
            return NotRecovered(subscription, page.Head);
        meters.CaughtUp("log");
        return Answer(subscription, page.Events.Count > 0 ? page.Events[^1].Seq : last, page.Head, recovered: true, [.. page.Events.Select(e => Entry.Of(e).Json)]);
    }

    private SubscribeAnswer NotRecovered(Subscription subscription, long head)
    {
        meters.CaughtUp("nowhere");
        return Answer(subscription, head, head, recovered: false, []);
    }

    private static SubscribeAnswer Answer(Subscription subscription, long cursor, long head, bool recovered, IReadOnlyList<byte[]> events)
    {
        subscription.Cursor = cursor;
        var stream = subscription.Stream;
        return new SubscribeAnswer(stream.Name, stream.Epoch, head, recovered, new RawEvents(events)) { Subscription = subscription };
    }

    private static HubException Error(string code, string sentence) => new($"{code}: {sentence}");
}
