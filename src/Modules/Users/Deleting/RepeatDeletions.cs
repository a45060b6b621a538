using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Users.Deleting;

/// <summary>
/// Tells the modules of each deletion a second time a minute later, and forgets deletions after a day. What is to be done stands in the
/// documents, so a crash costs nothing; one replica does it at a time, and two at once would be told apart by versions.
/// </summary>
internal sealed class RepeatDeletions(
    [FromKeyedServices("users")] IDocumentStore store, DeletePerson delete, TimeProvider clock, ILogger<RepeatDeletions> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private const int AtOnce = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Every, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!await store.HoldLeaseAsync("repeat-deletions", Every * 2, stoppingToken))
                    continue;
                await RepeatAsync(stoppingToken);
                await ForgetAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failed, "Deletions could not be repeated or forgotten just now; the next round does");
            }
        }
    }

    private async Task RepeatAsync(CancellationToken ct)
    {
        var due = await store.OpenSession().QueryAsync<Deletion>(
            $"where repeated_at is null and deleted_at <= {Deletion.DueToBeRepeated(clock.GetUtcNow())} order by deleted_at limit {AtOnce}", ct);
        foreach (var deletion in due)
        {
            try
            {
                await delete.RepeatAsync(deletion, ct);
            }
            catch (VersionConflictException raced)
            {
                // The others shall not wait for this one.
                log.LogInformation("A deletion is repeated later: {Reason}", raced.Message);
            }
        }
    }

    private async Task ForgetAsync(CancellationToken ct)
    {
        var work = store.OpenSession();
        var old = await work.QueryAsync<Deletion>(
            $"where repeated_at is not null and deleted_at <= {Deletion.DueToBeForgotten(clock.GetUtcNow())} order by deleted_at limit {AtOnce}", ct);
        foreach (var deletion in old)
            work.Delete(deletion);
        await work.SaveChangesAsync(ct);
    }
}
