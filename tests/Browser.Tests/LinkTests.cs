using System.Collections.Concurrent;
using Microsoft.Playwright;
using Modular.Testing;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>Links from mails and from the log, and what a site with limits says.</summary>
public sealed class LinkTests(Stage stage, NewSite site) : Scenario(stage), IClassFixture<NewSite>
{
    [Fact]
    public async Task A_link_confirms_an_address_by_a_press_only_and_once_and_its_secret_goes_nowhere_else()
    {
        var room = await RoomAsync(at: site.Address);
        var ann = await GuestAsync(room);
        ann.Expects(404, "/api/users/verify");
        var email = Accounts.Email("ann");
        await ann.RegistersAsync(email);
        await ann.GoesToAsync("/me");
        await Expect(ann.Text("Not confirmed")).ToBeVisibleAsync();
        var link = await site.LinkAsync(email, "/verify");
        var secret = link.Split("#token=")[1];
        var requests = new ConcurrentQueue<IRequest>();
        ann.Page.Request += (_, request) => requests.Enqueue(request);

        await ann.OpensAsync(link);
        await Expect(ann.Page).ToHaveURLAsync(new Uri(site.Address, "/verify").ToString());
        await Expect(ann.Button("Yes, confirm it")).ToBeVisibleAsync();
        Assert.DoesNotContain(requests, request => request.Method != "GET" || Tells(request, secret));
        await ann.Button("Yes, confirm it").ClickAsync();
        await Expect(ann.Text("Your e-mail address is confirmed.")).ToBeVisibleAsync();
        Assert.DoesNotContain(requests, request => Tells(request, secret));

        await ann.OpensAsync(link);
        await ann.Button("Yes, confirm it").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = "link" })).ToBeVisibleAsync();
        await Expect(ann.Text($"Your address {email} is confirmed already.")).ToBeVisibleAsync();
        await ann.GoesToAsync("/me");
        await Expect(ann.Text("Confirmed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_mailed_link_signs_in_where_it_is_opened_once_and_leads_back_to_the_room()
    {
        var room = await RoomAsync(at: site.Address);
        var email = Accounts.Email("ann");
        var laptop = await GuestAsync(room);
        await laptop.RegistersAsync(email);
        await laptop.OpensAsync(await site.LinkAsync(email, "/verify"));
        await laptop.Button("Yes, confirm it").ClickAsync();
        await Expect(laptop.Text("Your e-mail address is confirmed.")).ToBeVisibleAsync();

        var phone = await GuestAsync(room);
        var link = await LinkToSignInAsync(phone, email);
        // Into the same tab, where only what is behind the # differs.
        await phone.Page.GotoAsync(link);
        await phone.Button("Sign in").ClickAsync();
        await phone.IsBackAsync();
        await Expect(phone.Page).ToHaveURLAsync(room.Page.ToString());

        var late = await GuestAsync(room);
        late.Expects(404, "/api/users/magic-link/accept");
        await late.OpensAsync(link);
        await late.Button("Sign in").ClickAsync();
        await Expect(late.Button("Mail me a new link")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Whose_password_ends_with_the_first_link_is_told_so_and_chooses_another()
    {
        var room = await RoomAsync(at: site.Address);
        var email = Accounts.Email("ann");
        var laptop = await GuestAsync(room);
        // The mail is the first proof of whose address it is: who registered with it before is signed out.
        laptop.ExpectsItsSessionToEnd();
        await laptop.RegistersAsync(email);

        var phone = await GuestAsync(room, options => Looks.Hold(options, "phone"));
        await phone.Page.GotoAsync(await LinkToSignInAsync(phone, email));
        await phone.Button("Sign in").ClickAsync();
        await Expect(phone.Text("Your old password no longer works, because nobody had confirmed this address.")).ToBeVisibleAsync();
        await Expect(phone.Button("Save the password")).ToBeVisibleAsync();
        await Expect(phone.Input("Current password")).ToHaveCountAsync(0);
        await phone.LooksWellEverywhereAsync("choose a password");
        await Expect(laptop.Text("Your session has ended.")).ToBeVisibleAsync();
        await phone.Link("Later: go to the questions").ClickAsync();
        await phone.IsBackAsync();

        await phone.GoesToAsync("/me");
        await phone.Text("Choose a password").ClickAsync();
        await Expect(phone.Input("Current password")).ToHaveCountAsync(0);
        await phone.Input("New password").FillAsync("another horse battery");
        await phone.Button("Save it").ClickAsync();
        await Expect(phone.Text("Saved. All other devices are signed out.")).ToBeVisibleAsync();
        await phone.Text("Change the password").ClickAsync();
        await Expect(phone.Input("Current password")).ToBeVisibleAsync();
        await laptop.SignsInAsync(email, "another horse battery");
        await laptop.IsBackAsync();
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_mailed_link_and_the_other_browsers_are_signed_out()
    {
        var room = await RoomAsync(at: site.Address);
        var email = Accounts.Email("ann");
        var laptop = await GuestAsync(room);
        laptop.ExpectsItsSessionToEnd();
        await laptop.RegistersAsync(email);

        var phone = await GuestAsync(room);
        phone.Expects(400, "/api/users/reset");
        await phone.GoesToAsync("/sign-in");
        await phone.Link("Forgot your password?").ClickAsync();
        await phone.Input("E-mail").FillAsync(email);
        await phone.Button("Mail me a link").ClickAsync();
        await phone.OpensAsync(await site.LinkAsync(email, "/reset"));
        await phone.Input("New password").FillAsync("short");
        await phone.Page.Keyboard.PressAsync("Enter");
        await Expect(phone.Input("New password")).ToHaveAttributeAsync("aria-invalid", "true");
        await phone.Input("New password").FillAsync("another horse battery");
        await phone.Page.Keyboard.PressAsync("Enter");
        await phone.IsBackAsync();
        await Expect(laptop.Text("Your session has ended.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_link_in_the_log_makes_the_first_administrator_who_bans_and_deletes_people()
    {
        var room = await RoomAsync(at: site.Address);
        var guest = await GuestAsync(room);
        guest.ExpectsItsSessionToEnd();
        // A name that nobody else on this site has; those that are made for guests come twice.
        var name = $"Kim {Guid.NewGuid():n}"[..14];
        await guest.AskButton.ClickAsync();
        await guest.Sheet.GetByLabel("Your name").FillAsync(name);
        await guest.Field.FillAsync("And tea?");
        await guest.Send.ClickAsync();
        await Expect(guest.Card("And tea?").GetByText("just now")).ToBeVisibleAsync();

        var admin = await VisitorAsync(await site.SetupLinkAsync(), options => Looks.Hold(options, "phone"));
        await admin.Input("Your name").FillAsync("Grace");
        await admin.Input("E-mail").FillAsync(Accounts.Email("grace"));
        await admin.Input("Password").FillAsync(Accounts.Password);
        await admin.Page.Keyboard.PressAsync("Enter");
        await admin.Link("Manage people").ClickAsync();
        await Expect(admin.Page.Locator(".people").GetByText("Grace", new() { Exact = true })).ToBeVisibleAsync();
        await admin.Input("Search by name or e-mail").FillAsync(name);
        await admin.Button($"Ban {name}").ClickAsync();
        await Expect(admin.Page.Locator(".people").GetByText("Banned")).ToBeVisibleAsync();
        await admin.LooksWellEverywhereAsync("people");
        await Expect(guest.Text("Your session has ended.")).ToBeVisibleAsync();

        await admin.Button($"Unban {name}").ClickAsync();
        await Expect(admin.Button($"Ban {name}")).ToBeVisibleAsync();
        // The first answer is lost, and the page asks again by itself.
        admin.Expects("ERR_FAILED", "404");
        await admin.LosesTheAnswerOfAsync("**/api/users/*-*-*-*-*");
        await admin.Button($"Delete {name}").First.ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = $"Delete {name}" }).ClickAsync();
        await Expect(admin.Text($"{name} is deleted")).ToBeVisibleAsync();
        await Expect(admin.Text("Nobody found.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Over_the_limit_a_question_is_kept_and_the_page_counts_down_to_when_it_may_be_sent_again()
    {
        var room = await RoomAsync(at: site.Address);
        var guest = await GuestAsync(room);
        guest.Expects(429, "/api/questions");
        await guest.AskAsync("The first?");
        await Expect(guest.Card("The first?").GetByText("just now")).ToBeVisibleAsync();
        await guest.AskAsync("Right after it?");
        var again = guest.Card("Right after it?").GetByRole(AriaRole.Button, new() { Name = "Send again" });
        await Expect(guest.Card("Right after it?").GetByRole(AriaRole.Alert)).ToContainTextAsync("Try again in");
        await Expect(again).ToBeDisabledAsync();
        await Expect(again).ToContainTextAsync(" s");
        await again.ClickAsync();
        await Expect(guest.Card("Right after it?").GetByText("just now")).ToBeVisibleAsync();
    }

    private async Task<string> LinkToSignInAsync(Person phone, string email)
    {
        await phone.GoesToAsync("/sign-in");
        await phone.Button("Mail me a link instead").ClickAsync();
        await phone.Input("E-mail").FillAsync(email);
        await phone.Button("Mail me a link").ClickAsync();
        await Expect(phone.Text("a mail is on its way")).ToBeVisibleAsync();
        return await site.LinkAsync(email, "/sign-in");
    }

    private static bool Tells(IRequest request, string secret) =>
        request.Url.Contains(secret, StringComparison.Ordinal) || request.Headers.Any(header => header.Value.Contains(secret, StringComparison.Ordinal));
}
