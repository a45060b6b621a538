using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Modular.Kernel.Documents;

namespace Modular.Users.Mail;

/// <summary>Has due mails sent, on every replica: which of them sends one is settled by who first claims it.</summary>
internal sealed class SendMail(
    [FromKeyedServices("users")] IDocumentStore store, MailRequests requests, OneMail mail, TimeProvider clock, ILogger<SendMail> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private const int InARound = 20;

    /// <summary>Each takes a thread while the server answers.</summary>
    private const int AtOnce = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (requests.AreOff)
        {
            log.LogInformation("Mail is off: nobody can verify an address, reset a password or sign in by a link. Set Mail:Smtp:Host, or Mail:Folder for files");
            return;
        }

        using var beat = new PeriodicTimer(Beat, clock);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await RoundAsync(stoppingToken) == InARound)
                {
                    // More may be due.
                }
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failed, "Mails could not be sent just now; the next round does");
            }
        }
    }

    /// <returns>How many were due.</returns>
    private async Task<int> RoundAsync(CancellationToken ct)
    {
        // Somebody waits before the screen for a link to get in; to confirm an address there are two days.
        var due = await store.OpenSession().QueryAsync<MailRequest>(
            $"where next_at <= {clock.GetUtcNow()} order by (kind = {MailKind.Verify}), next_at, id limit {InARound}", ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, mail.SendAsync);
        return due.Count;
    }
}
