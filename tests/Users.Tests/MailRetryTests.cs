using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class MailRetryTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task A_server_that_says_not_now_is_asked_again_and_the_mail_comes_once()
    {
        var (email, _) = await town.AccountAsync();
        await town.Server.TroubleAsync(new { times = 1, code = 451 });
        var before = town.Server.All("refused").Count;
        await AskAsync(email);
        await town.Server.HearsAsync("refused", before + 1);

        (await Eventually.IsStill(() => town.Server.Mails.All(m => m.Recipients[0] != email))).ShouldBeTrue("not before its time");
        town.Product.Clock.Advance(TimeSpan.FromSeconds(31));
        (await town.Server.MailToAsync(email)).Link.ShouldContain("/reset#token=");

        await GoneAsync();
        town.Product.Clock.Advance(TimeSpan.FromHours(1));
        await town.QuietAsync();
        town.Server.Mails.Count(m => m.Recipients[0] == email).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_that_may_have_gone_is_sent_again_and_both_are_the_same_mail()
    {
        var (email, _) = await town.AccountAsync();
        await town.Server.TroubleAsync(new { times = 1, cut = true });
        var cuts = town.Server.All("cut").Count;
        await AskAsync(email);
        var first = ReceivedMail.Of(await town.Server.HearsAsync("cut", cuts + 1));

        town.Product.Clock.Advance(TimeSpan.FromSeconds(31));
        var second = await town.Server.MailToAsync(email);

        second.Link.ShouldBe(first.Link);
        second.Id.ShouldBe(first.Id);
        await GoneAsync();
    }

    [Fact]
    public async Task A_mailbox_that_is_refused_is_not_asked_for_again()
    {
        var (email, _) = await town.AccountAsync();
        await town.Server.TroubleAsync(new { times = 1, at = "recipient", code = 550 });
        await AskAsync(email);
        await GoneAsync();
        town.Server.Mails.ShouldAllBe(m => m.Recipients[0] != email);
    }

    [Fact]
    public async Task A_server_that_refuses_for_ever_is_given_up_after_a_day()
    {
        var (email, _) = await town.AccountAsync();
        await town.Server.TroubleAsync(new { times = 1_000, code = 554 });
        var before = town.Server.All("refused").Count;
        await AskAsync(email);
        var tries = 0;
        while (await town.WaitingAsync() > 0)
        {
            await town.Server.HearsAsync("refused", before + ++tries);
            await town.QuietAsync();
            town.Product.Clock.Advance(TimeSpan.FromHours(4));
            await town.QuietAsync();
        }

        tries.ShouldBe(6);
        await town.Server.TroubleAsync(new { times = 0 });
        town.Server.Mails.ShouldAllBe(m => m.Recipients[0] != email);
    }

    [Fact]
    public async Task A_host_that_dies_between_sending_and_noting_it_sends_the_same_mail_again()
    {
        var (email, _) = await town.AccountAsync();
        await town.Product.Database.RunAsync("create sequence users.tried");
        await town.Product.Database.RunAsync("create function users.no() returns trigger language plpgsql as $$ begin perform nextval('users.tried'); raise exception 'gone'; end $$");
        await town.Product.Database.RunAsync("create trigger no before delete on users.mail_request for each row execute function users.no()");
        await AskAsync(email);
        var first = await town.Server.MailToAsync(email);
        // A sequence stays where the rest is rolled back.
        await Eventually.Is(() => town.Product.Database.ScalarAsync<bool>("select is_called from users.tried"), what: "the host tried to note it");
        (await town.WaitingAsync()).ShouldBe(1);
        await town.Product.Database.RunAsync("drop trigger no on users.mail_request");
        await town.Product.Database.RunAsync("drop function users.no()");
        await town.Product.Database.RunAsync("drop sequence users.tried");

        town.Product.Clock.Advance(TimeSpan.FromSeconds(31));
        (await town.Server.MailToAsync(email, times: 2)).Link.ShouldBe(first.Link);
        await GoneAsync();
    }

    private async Task AskAsync(string email)
    {
        using var somebody = town.Product.Somebody();
        (await somebody.Post("/api/users/forgot", new { email })).Must(200);
    }

    private Task GoneAsync() => Eventually.Is(async () => await town.WaitingAsync() == 0, what: "no request waits");
}
