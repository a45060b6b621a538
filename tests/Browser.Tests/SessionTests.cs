using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>One person, several browsers.</summary>
public sealed class SessionTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task A_session_ended_from_another_browser_is_told_where_it_was_and_what_was_not_sent_is_kept()
    {
        var room = await RoomAsync();
        var email = Accounts.Email("ann");
        var phone = await GuestAsync(room);
        phone.ExpectsItsSessionToEnd();
        await phone.RegistersAsync(email);
        var laptop = await GuestAsync(room);
        await laptop.SignsInAsync(email);
        await laptop.IsBackAsync();

        await laptop.GoesToAsync("/me");
        await laptop.Button("Sign out everywhere else").ClickAsync();
        await Expect(laptop.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Expect(phone.Text("Your session has ended.")).ToBeVisibleAsync();
        await phone.PictureAsync("desktop light, session ended");
        await phone.AskAsync("Am I still here?");
        await Expect(phone.Card("Am I still here?").GetByRole(AriaRole.Button, new() { Name = "Send again" })).ToBeVisibleAsync();

        await phone.Link("Sign in").ClickAsync();
        await phone.SignsInAsync(email);
        await phone.IsBackAsync();
        await Expect(phone.Card("Am I still here?").GetByText("Yours")).ToBeVisibleAsync();
        await Expect(phone.Card("Am I still here?").GetByText("just now")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_was_signed_out_may_go_on_as_a_new_guest()
    {
        var room = await RoomAsync();
        await room.AskAsync("Is there coffee?");
        var email = Accounts.Email("ann");
        var phone = await GuestAsync(room);
        phone.ExpectsItsSessionToEnd();
        await phone.RegistersAsync(email);
        await phone.Vote("Is there coffee?").ClickAsync();
        await phone.SeesVotesAsync("Is there coffee?", 2, own: true);
        var laptop = await GuestAsync(room);
        await laptop.SignsInAsync(email);
        await laptop.IsBackAsync();
        await laptop.GoesToAsync("/me");
        await laptop.Button("Sign out everywhere else").ClickAsync();

        await phone.Button("Go on as a guest").ClickAsync();
        await Expect(phone.Text("Your session has ended.")).ToHaveCountAsync(0);
        await phone.SeesVotesAsync("Is there coffee?", 2, own: false);
        await phone.Vote("Is there coffee?").ClickAsync();
        await phone.SeesVotesAsync("Is there coffee?", 3, own: true);
    }

    [Fact]
    public async Task The_list_of_sessions_follows_what_another_browser_does()
    {
        var room = await RoomAsync();
        var email = Accounts.Email("ann");
        var phone = await GuestAsync(room);
        await phone.RegistersAsync(email);
        var laptop = await GuestAsync(room);
        await laptop.SignsInAsync(email);
        await laptop.IsBackAsync();
        await phone.GoesToAsync("/me");
        await Expect(phone.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(phone.Text("This device")).ToHaveCountAsync(1);

        await laptop.GoesToAsync("/me");
        await laptop.Button("Sign out").ClickAsync();
        await laptop.IsBackAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_one_tab_becomes_the_others_are_too()
    {
        var room = await RoomAsync();
        var ann = await GuestAsync(room);
        var other = await ann.AnotherTabAsync(room);
        await ann.RegistersAsync(Accounts.Email("ann"));
        await Expect(other.Locator("a.me")).ToHaveAttributeAsync("aria-label", await ann.Page.Locator("a.me").GetAttributeAsync("aria-label") ?? "");
        await other.GetByRole(AriaRole.Button, new() { Name = "Ask a question" }).ClickAsync();
        await other.GetByLabel("Your question").FillAsync("Half a ques");
        await ann.GoesToAsync("/me");
        await ann.Button("Sign out").ClickAsync();
        await ann.IsBackAsync();
        await Expect(other.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await Expect(other.GetByLabel("Your question")).ToBeEmptyAsync();
    }
}
