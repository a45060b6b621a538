using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Questions.Reading;

/// <summary>Removes snapshots that no cursor may use any more.</summary>
internal sealed class ForgetSnapshots(
    [FromKeyedServices("questions")] IDocumentStore store, TimeProvider clock, ILogger<ForgetSnapshots> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Every, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await store.HoldLeaseAsync("forget-snapshots", Every, stoppingToken))
                    await ForgetAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failed, "Old snapshots could not be removed just now; the next round does");
            }
        }
    }

    private Task<int> ForgetAsync(CancellationToken ct) => store.TransactAsync(
        async (transaction, token) => (await transaction.QueryAsync(
            $"delete from top_snapshot where created_at < {clock.GetUtcNow() - TopSnapshot.Kept} returning id", row => row.GetGuid(0), token)).Count,
        ct);
}
