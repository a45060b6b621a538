using Microsoft.AspNetCore.DataProtection;
using Modular.Users.Guests;
using Modular.Users.Sessions;

namespace Modular.Users.Tests;

public sealed class RuleTests
{
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Key = new byte[32];

    [Fact]
    public void A_client_id_always_makes_the_same_guest() => GuestId.From(Key, "a").ShouldBe(GuestId.From(Key, "a"));

    [Fact]
    public void Another_client_id_makes_another_guest() => GuestId.From(Key, "a").ShouldNotBe(GuestId.From(Key, "b"));

    [Fact]
    public void Another_secret_makes_another_guest() => GuestId.From(Key, "a").ShouldNotBe(GuestId.From([1, .. Key.AsSpan(1)], "a"));

    [Fact]
    public void A_guest_made_from_a_client_id_looks_like_any_user() => GuestId.From(Key, "a").Version.ShouldBe(4);

    [Fact]
    public void A_friendly_name_is_two_words() => FriendlyName.Any().Split(' ').Length.ShouldBe(2);

    [Theory]
    [InlineData(null, "name-required")]
    [InlineData("", "name-required")]
    [InlineData(" \t ", "name-required")]
    [InlineData("\u200b\u2060\ufeff", "name-required")]
    [InlineData("123456789 123456789 123456789 123456789 123456789 1", "name-too-long")]
    public void A_name_that_says_nothing_or_too_much_is_refused(string? name, string type) => PersonName.Wrong(name).ShouldNotBeNull().Type.ShouldBe(type);

    [Fact]
    public void An_emoji_counts_as_one_character() => PersonName.Wrong(string.Concat(Enumerable.Repeat("🦦", 50))).ShouldBeNull();

    [Fact]
    public void A_name_is_kept_on_one_line() => PersonName.Kept("  Ann \n Lee ").ShouldBe("Ann Lee");

    [Fact]
    public void A_session_is_refreshed_by_its_secret_only_once()
    {
        var session = Session.Start(Guid.NewGuid(), [1], Noon, TimeSpan.FromDays(1), device: null).Refreshed([2], Noon, TimeSpan.FromDays(1));
        session.IsRefreshedBy([1]).ShouldBeFalse();
        session.IsRefreshedBy([2]).ShouldBeTrue();
    }

    [Fact]
    public void A_session_ends_when_it_expires() =>
        Session.Start(Guid.NewGuid(), [1], Noon, TimeSpan.FromDays(1), device: null).HasEnded(Noon.AddDays(1)).ShouldBeTrue();

    [Fact]
    public void A_session_ends_when_it_is_revoked() =>
        Session.Start(Guid.NewGuid(), [1], Noon, TimeSpan.FromDays(1), device: null).Revoked(Noon).HasEnded(Noon).ShouldBeTrue();

    [Fact]
    public void A_session_is_kept_once_a_day()
    {
        var session = Session.Start(Guid.NewGuid(), [1], Noon, TimeSpan.FromDays(180), device: null);
        session.IsDueToBeKept(Noon.AddHours(23), TimeSpan.FromDays(180)).ShouldBeFalse();
        session.IsDueToBeKept(Noon.AddHours(25), TimeSpan.FromDays(180)).ShouldBeTrue();
    }

    [Fact]
    public void A_token_reads_back_as_what_it_was_written_for_and_nothing_else()
    {
        var tokens = new Tokens(new EphemeralDataProtectionProvider());
        var session = new Credential(Guid.CreateVersion7(), 3);
        tokens.ReadCookie(tokens.Cookie(session)).ShouldBe(session);
        tokens.ReadAccess(tokens.Access(session, Noon)).ShouldBe((session, Noon));
        tokens.ReadAccess(tokens.Cookie(session)).ShouldBeNull();
        tokens.ReadCookie(tokens.Refresh(session.Session, [1])).ShouldBeNull();
        tokens.ReadCookie("not ours").ShouldBeNull();
    }
}
