using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Users.Mail;

/// <summary>Removes links that have long been good for nothing.</summary>
internal sealed class ForgetLinks([FromKeyedServices("users")] IDocumentStore store, TimeProvider clock, ILogger<ForgetLinks> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>A mail of the longest patience is sent last after a day, and its link is good for two more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Every, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await store.HoldLeaseAsync("forget-links", Every, stoppingToken))
                    await ForgetAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failed, "Old links could not be removed just now; the next round does");
            }
        }
    }

    private Task<int> ForgetAsync(CancellationToken ct) => store.TransactAsync(
        async (transaction, token) => (await transaction.QueryAsync(
            $"delete from mail_link where created_at < {clock.GetUtcNow() - Kept} returning id", row => row.GetGuid(0), token)).Count,
        ct);
}
