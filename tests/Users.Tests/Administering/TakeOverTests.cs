using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Web;
using Modular.Testing;
using Modular.Users.Contracts;
using Modular.Users.Tests.Accounts;
using Modular.Users.Tests.Smtp;

namespace Modular.Users.Tests.Administering;

/// <summary>A stranger has registered the address that the operator wants for the admin.</summary>
public sealed class TakeOverTests(Town town) : IClassFixture<Town>
{
    private const string Chosen = "the operator's own";

    [Fact]
    public async Task Only_the_operators_password_opens_an_account_that_was_taken_over_and_whoever_was_in_is_out()
    {
        var (email, id) = await town.AccountAsync();
        using var stranger = await town.SignedInAsync(email);
        var link = await town.MailAsync("/api/users/magic-link", email);
        await town.Product.Database.RunAsync($$"""update users.user set data = data || '{"bannedAt": "2026-01-01T00:00:00Z"}', version = version + 1 where id = '{{id}}'""");

        var known = await Accounts.TakeOverAsync(email.ToUpperInvariant(), Chosen, TestContext.Current.CancellationToken);

        (known.Email, known.Name, known.IsConfirmed).ShouldBe((email, "Ann", false));
        (await Accounts.FindAsync(email, TestContext.Current.CancellationToken)).ShouldBe(known);
        using var operators = town.Product.Somebody();
        (await operators.Login(email, Chosen)).Must(200)["user"].GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["admin"]);
        (await stranger.Get("/api/users")).Must(401).Problem.ShouldBe("session-ended");
        (await stranger.Login(email, Town.Password)).Must(401).Problem.ShouldBe("sign-in-failed");
        (await stranger.Post("/api/users/magic-link/accept", new { token = link.Token })).Must(404).Problem.ShouldBe("link-unknown");
    }

    [Fact]
    public async Task A_password_that_does_not_do_and_an_unknown_address_change_nobody()
    {
        var (email, _) = await town.AccountAsync(verified: true);
        await Should.ThrowAsync<RefusedToRunException>(() => Accounts.TakeOverAsync(email, "short", TestContext.Current.CancellationToken));
        await Should.ThrowAsync<RefusedToRunException>(() => Accounts.TakeOverAsync(Town.NewEmail(), Chosen, TestContext.Current.CancellationToken));
        (await town.SignedInAsync(email)).Dispose();
        (await Accounts.FindAsync(email, TestContext.Current.CancellationToken)).ShouldNotBeNull().IsConfirmed.ShouldBeTrue();
    }

    private IAccounts Accounts => town.Product.Services.GetRequiredService<IAccounts>();
}
