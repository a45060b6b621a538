using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Modular.Testing;
using Modular.Users.Accounts;
using Modular.Users.Mail;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class MailQueueTests(Town town) : IClassFixture<Town>
{
    private const int InARound = 20;

    [Fact]
    public async Task One_beat_sends_all_that_is_due_and_what_somebody_waits_for_first()
    {
        // Due tomorrow, so that the product's own worker leaves them alone.
        var tomorrow = town.Product.Clock.GetUtcNow().AddDays(1);
        List<string> emails = [.. Enumerable.Range(0, 2 * InARound).Select(_ => Town.NewEmail()), Town.NewEmail()];
        await DueAsync(emails, tomorrow);
        var clock = new OneBeat(tomorrow.AddMinutes(1));
        using var worker = ActivatorUtilities.CreateInstance<SendMail>(town.Product.Services, town.Store, clock, NullLogger<SendMail>.Instance);
        await worker.StartAsync(TestContext.Current.CancellationToken);

        await clock.BeatAsync();

        await Eventually.Is(() => town.Server.Mails.Count == emails.Count, what: "all are sent");
        town.Server.Mails.Take(InARound).Select(m => m.Recipients[0]).ShouldContain(emails[^1]);
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The last one asks for a link to sign in, the others for one to confirm their address.</summary>
    private async Task DueAsync(List<string> emails, DateTimeOffset at)
    {
        var seal = town.Product.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Modular.Users.Mail");
        var work = town.Store.OpenSession();
        foreach (var email in emails)
        {
            work.Insert(Account.Of(work.Insert(User.Member(Guid.NewGuid(), "Ann")).Id, email, passwordHash: null));
            var kind = email == emails[^1] ? MailKind.SignIn : MailKind.Verify;
            work.Insert(MailRequest.For(kind, seal.Protect(Encoding.UTF8.GetBytes(email)), "here", town.Product.Clock.GetUtcNow()) with { NextAt = at });
        }

        await work.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A clock that stands, whose only timer goes off when the test says so.</summary>
    private sealed class OneBeat(DateTimeOffset now) : TimeProvider
    {
        private readonly TaskCompletionSource<Action> timer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override DateTimeOffset GetUtcNow() => now;

        public async Task BeatAsync() => (await timer.Task)();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timer.SetResult(() => callback(state));
            return new Standing();
        }
    }

    private sealed class Standing : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
