using Modular.Testing;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests;

public sealed class LinkTests(Town town) : IClassFixture<Town>
{
    private const string NewPassword = "battery staple";

    [Fact]
    public async Task Who_registers_gets_a_link_that_confirms_the_address_once()
    {
        using var ann = town.Product.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        var mail = await town.Server.MailToAsync(email);
        mail.Subject.ShouldBe("Confirm your address for Town Hall");
        mail.Link.ShouldStartWith("https://ask.town.example/verify#token=");

        using var phone = town.Product.Somebody();
        var confirmed = (await phone.Post("/api/users/verify", new { token = mail.Token })).Must(204);

        confirmed.Headers.Keys.ShouldNotContain("Set-Cookie", "whoever reads that mail is not signed in by it");
        (await ann.Get("/api/users/me")).Must(200)["emailVerified"].GetBoolean().ShouldBeTrue();
        (await phone.Post("/api/users/verify", new { token = mail.Token })).Must(404).Problem.ShouldBe("link-unknown");
        (await ann.Post("/api/users/verify/resend")).Must(409).Problem.ShouldBe("already-verified");
    }

    [Fact]
    public async Task A_link_that_was_lost_is_mailed_again_to_members_only()
    {
        using var ann = town.Product.Somebody();
        var email = Town.NewEmail();
        (await ann.Post("/api/users/register", new { email, password = Town.Password })).Must(201);
        (await ann.Post("/api/users/verify/resend")).Must(204);
        var second = await town.Server.MailToAsync(email, times: 2);
        (await ann.Post("/api/users/verify", new { token = second.Token })).Must(204);

        using var guest = town.Product.Somebody();
        (await guest.Post("/api/users/verify/resend")).Must(401);
        (await guest.Post("/api/users/guests")).Must(201);
        (await guest.Post("/api/users/verify/resend")).Must(403).Problem.ShouldBe("members-only");
    }

    [Fact]
    public async Task A_forgotten_password_is_chosen_anew_by_a_link_which_ends_every_session_from_before()
    {
        var (email, id) = await town.AccountAsync();
        using var thief = await town.SignedInAsync(email);
        var mail = await town.MailAsync("/api/users/forgot", email);

        using var ann = town.Product.Somebody();
        var reset = (await ann.Post("/api/users/reset", new { token = mail.Token, password = NewPassword })).Must(200);

        reset["user"].GetProperty("id").GetGuid().ShouldBe(id);
        (await ann.Get("/api/users/me")).Must(200)["emailVerified"].GetBoolean().ShouldBeTrue();
        (await thief.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        using var later = town.Product.Somebody();
        (await later.Post("/api/users/login", new { email, password = Town.Password })).Must(401).Problem.ShouldBe("sign-in-failed");
        (await later.Post("/api/users/login", new { email, password = NewPassword })).Must(200);
        (await later.Post("/api/users/reset", new { token = mail.Token, password = NewPassword })).Must(404).Problem.ShouldBe("link-unknown");
    }

    [Fact]
    public async Task A_password_that_does_not_do_leaves_the_link_good()
    {
        var (email, _) = await town.AccountAsync();
        var mail = await town.MailAsync("/api/users/forgot", email);
        using var ann = town.Product.Somebody();
        (await ann.Post("/api/users/reset", new { token = mail.Token, password = "short" })).Must(400).Problem.ShouldBe("password-too-short");
        (await ann.Post("/api/users/reset", new { token = mail.Token, password = email })).Must(400).Problem.ShouldBe("password-too-easy");
        (await ann.Post("/api/users/reset", new { token = mail.Token, password = NewPassword })).Must(200);
    }

    [Fact]
    public async Task A_newer_link_to_reset_ends_the_older_ones()
    {
        var (email, _) = await town.AccountAsync();
        var older = await town.MailAsync("/api/users/forgot", email);
        var newer = await town.MailAsync("/api/users/forgot", email, times: 2);
        using var ann = town.Product.Somebody();
        (await ann.Post("/api/users/reset", new { token = older.Token, password = NewPassword })).Must(404).Problem.ShouldBe("link-unknown");
        (await ann.Post("/api/users/reset", new { token = newer.Token, password = NewPassword })).Must(200);
    }

    [Fact]
    public async Task After_a_reset_no_older_link_lets_anybody_in()
    {
        var (email, _) = await town.AccountAsync();
        var magic = await town.MailAsync("/api/users/magic-link", email);
        var reset = await town.MailAsync("/api/users/forgot", email, times: 2);
        using var ann = town.Product.Somebody();
        (await ann.Post("/api/users/reset", new { token = reset.Token, password = NewPassword })).Must(200);
        using var thief = town.Product.Somebody();
        (await thief.Post("/api/users/magic-link/accept", new { token = magic.Token })).Must(404).Problem.ShouldBe("link-unknown");
    }

    [Fact]
    public async Task After_a_new_password_no_older_link_lets_anybody_in_and_the_address_can_still_be_confirmed()
    {
        var (email, verify) = await town.RegisteredAsync();
        using var ann = await town.SignedInAsync(email);
        var magic = await town.MailAsync("/api/users/magic-link", email, times: 2);
        (await ann.Put("/api/users/me/password", new { current = Town.Password, password = NewPassword })).Must(204);
        using var thief = town.Product.Somebody();
        (await thief.Post("/api/users/magic-link/accept", new { token = magic.Token })).Must(404).Problem.ShouldBe("link-unknown");
        (await thief.Post("/api/users/verify", new { token = verify.Token })).Must(204);
    }

    [Fact]
    public async Task A_magic_link_signs_in_and_leaves_the_password_of_a_confirmed_address_alone()
    {
        var (email, id) = await town.AccountAsync(verified: true);
        using var desk = await town.SignedInAsync(email);
        var mail = await town.MailAsync("/api/users/magic-link", email);
        mail.Link.ShouldStartWith("https://ask.town.example/sign-in#token=");

        using var phone = town.Product.Somebody();
        (await phone.Post("/api/users/magic-link/accept", new { token = mail.Token })).Must(200)["user"].GetProperty("id").GetGuid().ShouldBe(id);

        (await phone.Get("/api/users/me")).Must(200);
        (await desk.Get("/api/users/me")).Must(200);
        (await town.SignedInAsync(email)).Dispose();
        (await phone.Post("/api/users/magic-link/accept", new { token = mail.Token })).Must(404).Problem.ShouldBe("link-unknown");

        var again = await town.MailAsync("/api/users/magic-link", email, times: 2);
        (await phone.Post("/api/users/magic-link/accept", new { token = again.Token })).Must(200);
        (await phone.Get("/api/users/me/sessions")).Must(200).Items.Count.ShouldBe(3, "that of the phone goes on");
    }

    [Fact]
    public async Task Whoever_set_the_password_of_an_address_that_is_not_theirs_is_out_once_its_owner_comes_by_link()
    {
        var (email, _) = await town.AccountAsync();
        using var thief = await town.SignedInAsync(email);
        var mail = await town.MailAsync("/api/users/magic-link", email);

        using var owner = town.Product.Somebody();
        (await owner.Post("/api/users/magic-link/accept", new { token = mail.Token })).Must(200);

        (await owner.Get("/api/users/me")).Must(200)["emailVerified"].GetBoolean().ShouldBeTrue();
        (await thief.Get("/api/users/me")).Must(401).Problem.ShouldBe("session-ended");
        (await thief.Post("/api/users/login", new { email, password = Town.Password })).Must(401).Problem.ShouldBe("sign-in-failed");
    }

    [Fact]
    public async Task Whose_password_ended_with_the_first_link_is_told_so_and_chooses_one_without_the_old()
    {
        var (email, _) = await town.AccountAsync();
        using var before = await town.SignedInAsync(email);
        (await before.Get("/api/users/me")).Must(200)["hasPassword"].GetBoolean().ShouldBeTrue();
        var mail = await town.MailAsync("/api/users/magic-link", email);
        using var owner = town.Product.Somebody();
        (await owner.Post("/api/users/magic-link/accept", new { token = mail.Token })).Must(200);
        (await owner.Get("/api/users/me")).Must(200)["hasPassword"].GetBoolean().ShouldBeFalse();

        (await owner.Put("/api/users/me/password", new { password = "short" })).Must(400).Problem.ShouldBe("password-too-short");
        (await owner.Put("/api/users/me/password", new { password = NewPassword })).Must(204);
        (await owner.Get("/api/users/me")).Must(200)["hasPassword"].GetBoolean().ShouldBeTrue();
        using var later = town.Product.Somebody();
        (await later.Post("/api/users/login", new { email, password = NewPassword })).Must(200);
        (await owner.Put("/api/users/me/password", new { password = Town.Password })).Must(400).Problem.ShouldBe("current-required");
    }
}
