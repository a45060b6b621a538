using Modular.Users.Accounts;
using Modular.Users.Mail;

namespace Modular.Users.Tests;

public sealed class MailRuleTests
{
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly User Ann = User.Member(Guid.NewGuid(), "Ann");
    private static readonly Account Account = Account.Of(Ann.Id, "ann@example.org", passwordHash: null);

    [Fact]
    public void Whoever_has_an_account_is_written_to() => WhyNot(Asked(MailKind.Reset)).ShouldBeNull();

    [Fact]
    public void Nobody_is_written_to_at_an_unknown_address() => MailRule.WhyNot(Asked(MailKind.Reset), null, null, [], Noon).ShouldNotBeNull();

    [Fact]
    public void A_banned_person_is_not_written_to() => MailRule.WhyNot(Asked(MailKind.Reset), Account, Ann with { BannedAt = Noon }, [], Noon).ShouldNotBeNull();

    [Fact]
    public void A_verified_address_is_not_to_be_verified_again()
    {
        MailRule.WhyNot(Asked(MailKind.Verify), Account.Verified(Noon), Ann, [], Noon).ShouldNotBeNull();
        MailRule.WhyNot(Asked(MailKind.SignIn), Account.Verified(Noon), Ann, [], Noon).ShouldBeNull();
    }

    [Fact]
    public void A_sixth_mail_that_one_address_asks_for_within_the_hour_is_not_sent()
    {
        var sent = Lately(5, _ => "here");
        WhyNot(Asked(MailKind.SignIn, Noon.AddMinutes(1)), sent[1..]).ShouldBeNull();
        WhyNot(Asked(MailKind.SignIn, Noon.AddMinutes(1)), sent).ShouldNotBeNull();
        MailRule.WhyNot(Asked(MailKind.SignIn), Account, Ann, sent, Noon.AddHours(1)).ShouldBeNull();
    }

    [Fact]
    public void Whoever_asks_elsewhere_gets_theirs_until_there_are_twenty()
    {
        WhyNot(Asked(MailKind.SignIn, Noon.AddMinutes(1), "elsewhere"), Lately(5, _ => "here")).ShouldBeNull();
        WhyNot(Asked(MailKind.SignIn, Noon.AddMinutes(1), "elsewhere"), Lately(19, n => $"{n % 5}")).ShouldBeNull();
        WhyNot(Asked(MailKind.SignIn, Noon.AddMinutes(1), "elsewhere"), Lately(20, n => $"{n % 5}")).ShouldNotBeNull();
    }

    [Fact]
    public void Mails_to_confirm_an_address_are_not_counted_by_who_asks() =>
        WhyNot(Asked(MailKind.Verify, Noon.AddMinutes(1)), Lately(19, _ => "here")).ShouldBeNull();

    [Fact]
    public void A_second_try_does_not_count_as_another_mail()
    {
        var request = Asked(MailKind.SignIn, Noon.AddMinutes(1));
        var sent = Enumerable.Range(0, 4).Select(n => Sent(Asked(MailKind.SignIn, Noon.AddMinutes(-n)), Noon)).Append(Sent(request, Noon)).ToArray();
        WhyNot(request, sent).ShouldBeNull();
    }

    [Fact]
    public void A_mail_whose_link_was_used_has_arrived() =>
        WhyNot(Asked(MailKind.SignIn) is var request ? request : null!, Sent(request, Noon).Ended(Noon)).ShouldNotBeNull();

    [Fact]
    public void Of_two_links_to_reset_a_password_the_one_asked_for_last_counts_whichever_is_sent_first()
    {
        var (first, second) = (Asked(MailKind.Reset, Noon), Asked(MailKind.Reset, Noon.AddSeconds(1)));
        Sent(first, Noon).IsReplacedBy(second).ShouldBeTrue();
        Sent(second, Noon).IsReplacedBy(first).ShouldBeFalse();
        WhyNot(first, Sent(second, Noon)).ShouldNotBeNull();
    }

    [Fact]
    public void Two_links_to_sign_in_may_be_open_at_once()
    {
        var (first, second) = (Asked(MailKind.SignIn, Noon), Asked(MailKind.SignIn, Noon.AddSeconds(1)));
        Sent(first, Noon).IsReplacedBy(second).ShouldBeFalse();
        WhyNot(first, Sent(second, Noon)).ShouldBeNull();
    }

    [Fact]
    public void Tries_come_ever_later_until_a_day_has_gone()
    {
        var request = Asked(MailKind.Reset) with { CreatedAt = Noon };
        var (now, pauses) = (Noon, new List<double>());
        while (!request.IsTooOld(now))
        {
            request = request.Tried(now);
            pauses.Add((request.NextAt - now).TotalMinutes);
            now = request.NextAt;
        }

        pauses.ShouldBe([0.5, 2, 10, 30, 60, 240, 240, 240, 240, 240, 240]);
    }

    [Theory]
    [InlineData(MailKind.Verify, "2.00:00:00")]
    [InlineData(MailKind.Reset, "0.01:00:00")]
    [InlineData(MailKind.SignIn, "0.00:05:00")]
    public void A_link_is_good_for_its_time(object kind, string life)
    {
        var link = Sent(Asked((MailKind)kind), Noon);
        link.IsGood(Noon + TimeSpan.Parse(life) - TimeSpan.FromSeconds(1)).ShouldBeTrue();
        link.IsGood(Noon + TimeSpan.Parse(life)).ShouldBeFalse();
        link.SentAgain(Noon.AddHours(3)).ExpiresAt.ShouldBe(Noon.AddHours(3) + TimeSpan.Parse(life));
    }

    [Theory]
    [InlineData(MailKind.Verify, "/verify#token=abc")]
    [InlineData(MailKind.Reset, "/reset#token=abc")]
    [InlineData(MailKind.SignIn, "/sign-in#token=abc")]
    public void A_mail_says_what_it_is_about_and_what_to_do_if_it_was_not_you(object kind, string link)
    {
        var letter = MailTexts.Write((MailKind)kind, Guid.NewGuid(), "ann@example.org", "Town Hall", new Uri($"https://ask.example.org{link}"));
        letter.Subject.ShouldContain("Town Hall");
        letter.Text.ShouldContain($"\n\nhttps://ask.example.org{link}\n\n");
        letter.Text.ShouldContain("If it was not you");
        letter.ToString().ShouldNotContain("abc");
    }

    [Theory]
    [InlineData("ann@example.org\r\nBcc: all@example.org")]
    [InlineData("ann@example.org, bob@example.org")]
    [InlineData("\"a\r\nb\"@example.org")]
    public void A_mail_cannot_be_made_to_go_to_others(string to) =>
        Should.Throw<FormatException>(() => new Letter(Guid.NewGuid(), to, "Hello", "Hello", new Uri("https://x.example")).From(new("a@example.org")));

    [Fact]
    public void A_subject_cannot_bring_headers_along() =>
        Should.Throw<ArgumentException>(() => new Letter(Guid.NewGuid(), "a@example.org", "Hi\r\nBcc: b@example.org", "Hello", new Uri("https://x.example")).From(new("a@example.org")));

    private static MailRequest Asked(MailKind kind, DateTimeOffset? at = null, string from = "here") => MailRequest.For(kind, [], from, at ?? Noon);

    private static MailLink[] Lately(int count, Func<int, string> from) =>
        [.. Enumerable.Range(0, count).Select(n => Sent(Asked(MailKind.SignIn, Noon.AddMinutes(-n), from(n)), Noon.AddMinutes(-n)))];

    private static MailLink Sent(MailRequest request, DateTimeOffset at) => MailLink.For(request, Ann.Id, "token", at) with { CreatedAt = at };

    private static string? WhyNot(MailRequest request, params MailLink[] links) => MailRule.WhyNot(request, Account, Ann, links, Noon);
}
