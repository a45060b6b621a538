using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>What the pages about one's account say and do where the server refuses or sends no mail.</summary>
public sealed class AccountTroubleTests(Stage stage) : Scenario(stage)
{
    private const string NoMail = "This site sends no mail. Ask the people who run it for help.";

    [Fact]
    public async Task A_site_that_sends_no_mail_says_so_once_and_offers_no_way_by_mail_from_then_on()
    {
        var ann = await VisitorAsync("/sign-in");
        ann.Expects("/api/users/magic-link", "/api/users/forgot", "/api/users/verify/resend");
        await ann.Button("Mail me a link instead").ClickAsync();
        await ann.Input("E-mail").FillAsync("ann@example.org");
        await ann.Button("Mail me a link").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = NoMail })).ToBeVisibleAsync();
        await Expect(ann.Input("Password")).ToBeVisibleAsync();
        await Expect(ann.Button("Mail me a link instead")).ToHaveCountAsync(0);
        await Expect(ann.Link("Forgot your password?")).ToHaveCountAsync(0);

        await ann.GoesToAsync("/reset");
        await ann.Input("E-mail").FillAsync("ann@example.org");
        await ann.Button("Mail me a link").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = NoMail })).ToBeVisibleAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        await ann.RegistersAsync(Accounts.Email("ann"));
        await ann.GoesToAsync("/verify");
        await ann.Button("Mail me a new link").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = NoMail })).ToBeVisibleAsync();
        await Expect(ann.Button("Mail me a new link")).ToHaveCountAsync(0);

        await ann.GoesToAsync("/me");
        await ann.Button("Mail me the link again").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = NoMail })).ToBeVisibleAsync();
        await Expect(ann.Button("Mail me the link again")).ToHaveCountAsync(0);
    }
}
