using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Sockets;

/// <summary>
/// Pages the log for subscriptions that the ring has left behind, beside the pump: a slow database delays that stream of
/// that connection and nothing else. Few at a time, so that many slow phones do not take the readers of everybody.
/// </summary>
internal sealed class Backlog(Lazy<IStreams> log, LiveStreams streams, TimeProvider clock, ILogger<Backlog> logger) : IDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim readers = new(AtOnce);

    public void Dispose() => readers.Dispose();

    /// <summary>Called by the pump, inside the subscription; the pump runs again when the page is there.</summary>
    public void Read(Subscription subscription)
    {
        if (subscription.Reading)
            return;
        subscription.Reading = true;
        _ = ReadAsync(subscription);
    }

    /// <summary>The page that was read as a frame, if there is one; called by the pump, inside the subscription.</summary>
    public static EventsFrame? Taken(Subscription subscription)
    {
        if (subscription.Page is not { } page)
            return null;
        (subscription.Page, subscription.Reading) = (null, false);
        return new EventsFrame(page.Stream, subscription.Cursor, [.. page.Events.Select(Entry.Of)], full: true);
    }

    private async Task ReadAsync(Subscription subscription)
    {
        var (stream, aborted) = (subscription.Stream, subscription.Connection.Socket.Aborted);
        try
        {
            var page = await PageAsync(stream, subscription.Cursor, aborted);
            if (!string.Equals(page.Epoch, stream.Epoch, StringComparison.Ordinal))
                streams.Lose(stream);
            else if (!page.ReachesBackTo(subscription.Cursor) || page.Events.Count == 0)
                streams.Resync(subscription);
            else
                subscription.Page = page;
            subscription.Connection.Pump.Schedule();
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The connection is gone and with it whoever waits for the page.
        }
    }

    private async Task<StreamPage> PageAsync(LiveStream stream, long after, CancellationToken aborted)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            await readers.WaitAsync(aborted);
            try
            {
                return await log.Value.ReadAsync(stream.Name, after, Ring.Capacity, aborted);
            }
            catch (Exception e) when (!aborted.IsCancellationRequested)
            {
                logger.LogWarning(e, "The log of {Stream} cannot be read; trying again in {Pause}", stream.Name, pause);
            }
            finally
            {
                readers.Release();
            }

            await Task.Delay(pause, clock, aborted);
        }
    }
}
