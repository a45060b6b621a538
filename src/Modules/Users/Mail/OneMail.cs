using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Modular.Kernel.Documents;
using Modular.Users.Accounts;

namespace Modular.Users.Mail;

/// <summary>
/// Sends one mail: claims the request until its next try, makes the link, hands the mail over, forgets the request. A crash
/// in between leaves the request, and the next try mails the same link again: a second mail is better than none.
/// </summary>
internal sealed class OneMail(
    [FromKeyedServices("users")] IDocumentStore store, MailRequests requests, MailLinks links, IMailSender sender,
    IOptions<MailSettings> settings, TimeProvider clock, ILogger<OneMail> log)
{
    /// <summary>How long a host that stops waits for the server's last word.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public async ValueTask SendAsync(MailRequest request, CancellationToken ct)
    {
        var work = store.OpenSession();
        try
        {
            if (request.IsTooOld(clock.GetUtcNow()))
                log.LogError("Mail {Id} ({Kind}) is given up after {Tries} tries", request.Id, request.Kind, request.Tries);
            else if (await ClaimAsync(work, request, ct) is not ({ } claimed, { } letter))
                return;
            else if (await HandOverAsync(claimed, letter, ct))
                request = claimed;
            else
                return;
            work.Delete(request);
            await work.SaveChangesAsync(CancellationToken.None);
        }
        catch (Exception raced) when (raced is VersionConflictException or DocumentExistsException)
        {
            // Another replica has it, or the link was used at this moment: if there is still something to do, the next round does it.
        }
    }

    /// <summary>Null where there is nobody to write to; the request is gone then.</summary>
    private async Task<(MailRequest Claimed, Letter Letter)?> ClaimAsync(IDocumentSession work, MailRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var account = requests.AddressOf(request) is { } address ? await work.FindAccountAsync(address, ct) : null;
        var user = account is null ? null : await work.LoadAsync<User>(account.Id, ct);
        var mailed = account is null ? [] : await work.QueryAsync<MailLink>($"where user_id = {account.Id} and kind = {request.Kind}", ct);
        if (MailRule.WhyNot(request, account, user, mailed, now) is { } reason)
        {
            log.LogDebug("Mail {Id} ({Kind}) is not sent: {Reason}", request.Id, request.Kind, reason);
            work.Delete(request);
            await work.SaveChangesAsync(ct);
            return null;
        }

        var token = links.TokenOf(request);
        var claimed = work.Store(request.Tried(now));
        if (mailed.FirstOrDefault(l => l.Id == request.Id) is { } first)
            work.Store(first.SentAgain(now));
        else
            work.Insert(MailLink.For(request, account!.Id, token, now));
        foreach (var older in mailed.Where(l => l.IsReplacedBy(request)))
            work.Store(older.Ended(now));
        await work.SaveChangesAsync(ct);
        return (claimed, MailTexts.Write(request.Kind, request.Id, account!.Email, settings.Value.SiteName, links.UrlOf(request.Kind, token)));
    }

    /// <summary>False: it is tried again later.</summary>
    private async Task<bool> HandOverAsync(MailRequest request, Letter letter, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource();
        await using var leaving = ct.Register(() => patience.CancelAfter(Farewell));
        try
        {
            await Task.Factory.StartNew(() => sender.Send(letter), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(patience.Token);
        }
        catch (RecipientRefusedException nobody)
        {
            log.LogWarning("Mail {Id} ({Kind}) is given up, its recipient is refused: {Reason}", request.Id, request.Kind, nobody.Message);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning("Mail {Id} ({Kind}) could not be sent, try {Tries}; the next is at {NextAt:u}: {Reason}", request.Id, request.Kind, request.Tries, request.NextAt, Why(failed));
            return false;
        }

        return true;
    }

    /// <summary>The client's own message says only that it failed.</summary>
    private static string Why(Exception failed) => failed.InnerException is { } inner ? $"{failed.Message} {Why(inner)}" : failed.Message;
}
