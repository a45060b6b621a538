using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>The pages about one's account, as eyes and thumbs meet them, by light and in the dark, on a phone and on a desktop.</summary>
public sealed class AccountLookTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task Everybody_can_read_and_use_the_ways_in()
    {
        var visitor = await VisitorAsync("/me", options => Looks.Hold(options, "phone"));
        visitor.Expects(400, "/api/users/register");
        await visitor.LooksWellEverywhereAsync("me, nobody");
        foreach (var path in new[] { "/sign-in", "/sign-in#token=x", "/reset", "/reset#token=x", "/verify", "/verify#token=x", "/setup", "/setup#token=x", "/admin/people" })
        {
            await visitor.GoesToAsync(path);
            await visitor.LooksWellEverywhereAsync(path.Replace('/', ' '));
        }

        await visitor.GoesToAsync("/register");
        await visitor.Button("Register").ClickAsync();
        await Expect(visitor.Input("E-mail")).ToBeFocusedAsync();
        await visitor.LooksWellEverywhereAsync("register, wrong");
    }

    [Fact]
    public async Task Guests_and_members_can_read_and_use_the_page_about_themselves()
    {
        var room = await RoomAsync();
        var ann = await GuestAsync(room, options => Looks.Hold(options, "phone"));
        await ann.AskAsync("Is this a question?");
        await Expect(ann.Card("Is this a question?").GetByText("just now")).ToBeVisibleAsync();
        await ann.GoesToAsync("/sign-in");
        await ann.LooksWellEverywhereAsync("sign in, guest");
        await ann.GoesToAsync("/me");
        await ann.LooksWellEverywhereAsync("me, guest");
        await ann.Button("Sign out").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await ann.LooksWellEverywhereAsync("me, guest, signing out");

        var email = Accounts.Email("ann");
        await ann.RegistersAsync(email);
        var other = await GuestAsync(room);
        await other.SignsInAsync(email);
        await other.IsBackAsync();
        await ann.GoesToAsync("/me");
        await ann.Text("Change the password").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await ann.LooksWellEverywhereAsync("me, member");
        await ann.Button("Delete my account").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await ann.LooksWellEverywhereAsync("me, deleting");
    }
}
