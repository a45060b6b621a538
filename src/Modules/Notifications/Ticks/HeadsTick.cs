using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Messaging;
using Modular.Notifications.Frames;
using Modular.Notifications.Sockets;
using Modular.Notifications.Streams;

namespace Modular.Notifications.Ticks;

/// <summary>
/// Every 5 s the log's heads are read, what is still missing a second later is healed, and every connection is told the
/// heads in its own part of the interval: a lost last event is found without waiting for the next one.
/// </summary>
internal sealed class HeadsTick(LiveStreams streams, OpenSockets sockets, Lazy<IStreams> log, TimeProvider clock, ILogger<HeadsTick> logger) : BackgroundService
{
    public const int Steps = 20;
    private const int StepsOfPatience = 4;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private Task<HeadsSnapshot?>? reading;
    private HeadsSnapshot? current;
    private bool failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, clock);
        for (var (step, waited) = (0, 0); await timer.WaitForNextTickAsync(stoppingToken); step = (step + 1) % Steps, waited++)
        {
            if (reading is null && (step == 0 || failed))
                (reading, waited) = (ReadAsync(stoppingToken), 0);

            // What a slow database answers late still counts: lost events must not wait for a fast one.
            if (waited >= StepsOfPatience && reading is { IsCompletedSuccessfully: true, Result: var read })
            {
                (current, failed, reading) = (read, read is null, null);
                current?.HealWhatIsMissing();
            }

            if (current is { } snapshot)
                Show(snapshot, step);
        }
    }

    private async Task<HeadsSnapshot?> ReadAsync(CancellationToken ct)
    {
        try
        {
            streams.DropUnused();
            var followed = streams.Followed.ToDictionary(s => s.Name, StringComparer.Ordinal);
            var heads = followed.Count > 0 ? await log.Value.HeadsAsync(followed.Keys, ct) : new Dictionary<string, long>(StringComparer.Ordinal);
            return new HeadsSnapshot(heads.Where(h => followed.ContainsKey(h.Key)).ToDictionary(h => followed[h.Key], h => h.Value));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Nobody is told heads that nobody knows. Asked again in a second: what came while the database was away may be
            // lost, and a database that comes back may be of another epoch.
            logger.LogWarning(e, "The heads of the followed streams cannot be read");
            return null;
        }
    }

    private void Show(HeadsSnapshot snapshot, int step)
    {
        foreach (var connection in sockets.All)
        {
            if (connection.Slot % Steps == step && connection.Subscriptions.Length > 0 && connection.Socket.Protocol is Protocol.Hub)
                connection.Pump.ShowHeads(snapshot);
        }
    }
}
