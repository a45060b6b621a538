using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

public sealed class AccountTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task A_guest_who_registers_keeps_name_votes_and_questions_and_is_still_there_after_a_reload()
    {
        var room = await RoomAsync();
        await room.AskAsync("Is there coffee?");
        var ann = await GuestAsync(room);
        await ann.Vote("Is there coffee?").ClickAsync();
        await ann.SeesVotesAsync("Is there coffee?", 2, own: true);
        await ann.AskAsync("May I stay?");
        await Expect(ann.Card("May I stay?").GetByText("just now")).ToBeVisibleAsync();

        await ann.Page.Locator("a.me").ClickAsync();
        var name = await ann.Input("Your name").InputValueAsync();
        await ann.Link("Register").ClickAsync();
        await Expect(ann.Input("Your name")).ToHaveValueAsync(name);
        await ann.Input("Your name").FillAsync("Ann");
        await ann.Input("E-mail").FillAsync(Accounts.Email("ann"));
        await ann.Input("Password").FillAsync(Accounts.Password);
        await ann.Page.Keyboard.PressAsync("Enter");

        await Expect(ann.Page).ToHaveURLAsync(room.Page.ToString());
        await IsAnnAsync();
        await ann.Page.ReloadAsync();
        await IsAnnAsync();

        async Task IsAnnAsync()
        {
            await ann.SeesVotesAsync("Is there coffee?", 2, own: true);
            await Expect(ann.Card("May I stay?").GetByText("Yours")).ToBeVisibleAsync();
            await Expect(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Me: Ann" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_input_and_the_first_one_has_the_focus()
    {
        var ann = await VisitorAsync("/register");
        ann.Expects(400, "/api/users/register");
        await ann.Input("E-mail").FillAsync("ann");
        await ann.Input("Password").FillAsync("short");
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Input("E-mail")).ToBeFocusedAsync();
        await Expect(ann.Input("E-mail")).ToHaveAccessibleDescriptionAsync("E-mail is not an address such as kim@example.org");
        await Expect(ann.Input("E-mail")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(ann.Input("E-mail")).ToHaveValueAsync("ann");

        await ann.Input("E-mail").FillAsync(Accounts.Email("ann"));
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Input("Password")).ToBeFocusedAsync();
        await Expect(ann.Input("Password")).ToHaveAccessibleDescriptionAsync("At least 8 characters Password must have at least 8 characters");
        await Expect(ann.Input("E-mail")).ToHaveAttributeAsync("aria-invalid", "false");
        await ann.Button("Show the password").ClickAsync();
        await Expect(ann.Input("Password")).ToHaveAttributeAsync("type", "text");
    }

    [Fact]
    public async Task A_member_signs_out_and_in_again_and_a_wrong_password_is_told()
    {
        var room = await RoomAsync();
        await room.AskAsync("Is there coffee?");
        var email = Accounts.Email("ann");
        var ann = await GuestAsync(room);
        ann.Expects(401, "/api/users/login");
        await ann.RegistersAsync(email);
        await ann.Vote("Is there coffee?").ClickAsync();
        await ann.SeesVotesAsync("Is there coffee?", 2, own: true);

        // At once: the vote may still be on its way.
        await ann.Page.Locator("a.me").ClickAsync();
        await ann.Button("Sign out").ClickAsync();
        await ann.IsBackAsync();
        await ann.SeesVotesAsync("Is there coffee?", 2, own: false);

        await ann.SignsInAsync(email, "not the password");
        await Expect(ann.Page.Locator(".form-problem")).ToHaveTextAsync("E-mail or password is wrong.");
        await Expect(ann.Input("E-mail")).ToHaveValueAsync(email);
        await ann.Input("Password").FillAsync(Accounts.Password);
        await ann.Button("Sign in").ClickAsync();
        await ann.IsBackAsync();
        await ann.SeesVotesAsync("Is there coffee?", 2, own: true);
    }

    [Fact]
    public async Task A_guest_is_told_what_signing_out_and_signing_in_cost()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        await guest.AskAsync("Whose am I?");
        await Expect(guest.Card("Whose am I?").GetByText("just now")).ToBeVisibleAsync();
        await guest.GoesToAsync("/sign-in");
        await Expect(guest.Text("Its questions and votes stay with it when you sign in.")).ToBeVisibleAsync();
        await Expect(guest.Link("Keep them: register instead")).ToBeVisibleAsync();

        await guest.GoesToAsync("/me");
        await guest.Button("Sign out").ClickAsync();
        await Expect(guest.Text("Nobody can come back as this guest")).ToBeVisibleAsync();
        await guest.Button("Sign out and lose them").ClickAsync();
        await guest.IsBackAsync();
        await Expect(guest.Card("Whose am I?")).ToBeVisibleAsync();
        await Expect(guest.Card("Whose am I?").GetByText("Yours")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_question_whose_answer_did_not_come_in_time_is_not_asked_once_more_by_who_comes_next()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        await guest.Page.RouteAsync("**/api/questions", route => route.FetchAsync());
        await guest.AskAsync("Whose am I?");
        await Expect(guest.Card("Whose am I?").GetByText("just now")).ToBeVisibleAsync();
        await guest.GoesToAsync("/me");
        await guest.Page.UnrouteAsync("**/api/questions");
        await guest.Button("Sign out").ClickAsync();
        await guest.Button("Sign out and lose them").ClickAsync();
        await guest.IsBackAsync();
        await guest.AskAsync("And who am I?");
        await guest.SeesInOrderAsync("And who am I?", "Whose am I?");
    }

    [Fact]
    public async Task A_changed_password_is_the_one_that_counts()
    {
        var room = await RoomAsync();
        var email = Accounts.Email("ann");
        var ann = await GuestAsync(room);
        ann.Expects(403, "/api/users/me/password");
        await ann.RegistersAsync(email);
        await ann.GoesToAsync("/me");
        await ann.Text("Change the password").ClickAsync();
        await ann.Input("Current password").FillAsync("not the password");
        await ann.Input("New password").FillAsync("another horse battery");
        await ann.Button("Change it").ClickAsync();
        await Expect(ann.Page.Locator("details .form-problem")).ToHaveTextAsync("This is not your current password.");
        await ann.Input("Current password").FillAsync(Accounts.Password);
        await ann.Button("Change it").ClickAsync();
        await Expect(ann.Text("Changed. All other devices are signed out.")).ToBeVisibleAsync();
        var other = await GuestAsync(room);
        await other.SignsInAsync(email, "another horse battery");
        await other.IsBackAsync();
    }

    [Fact]
    public async Task A_person_takes_their_data_along_and_deletes_themselves_and_their_questions_stay_without_a_name()
    {
        var room = await RoomAsync();
        var email = Accounts.Email("ann");
        var other = await GuestAsync(room);
        var ann = await GuestAsync(room);
        ann.Expects(401, "/api/users/login");
        await ann.RegistersAsync(email);
        await ann.AskAsync("What remains?");
        await Expect(other.Card("What remains?")).ToBeVisibleAsync();
        await Expect(other.Card("What remains?").GetByText("Anonymous")).ToHaveCountAsync(0);

        await ann.GoesToAsync("/me");
        var download = await ann.Page.RunAndWaitForDownloadAsync(() => ann.Button("Download my data").ClickAsync());
        using var data = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        Assert.Contains("What remains?", data.RootElement.GetProperty("modules").GetProperty("questions").ToString(), StringComparison.Ordinal);

        await ann.Button("Delete my account").ClickAsync();
        await ann.Button("Delete my account for good").DispatchEventAsync("click");
        await ann.Input("Type “delete” to confirm").FillAsync("delete");
        await ann.Button("Delete my account for good").ClickAsync();
        await ann.IsBackAsync();
        await Expect(ann.Card("What remains?").GetByText("Yours")).ToHaveCountAsync(0);
        await Expect(other.Card("What remains?").GetByText("Anonymous")).ToBeVisibleAsync();

        await ann.SignsInAsync(email);
        await Expect(ann.Page.Locator(".form-problem")).ToHaveTextAsync("E-mail or password is wrong.");
    }
}
