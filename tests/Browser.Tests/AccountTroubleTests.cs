using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>What the pages about one's account say and do where the server refuses, sends no mail, or its answer is lost.</summary>
public sealed class AccountTroubleTests(Stage stage) : Scenario(stage)
{
    private const string NoMail = "This site sends no mail. Ask the people who run it for help.";

    [Fact]
    public async Task A_site_that_sends_no_mail_says_so_once_and_offers_no_way_by_mail_from_then_on()
    {
        var ann = await VisitorAsync("/sign-in", options => Looks.Hold(options, "phone"));
        ann.Expects("/api/users/magic-link", "/api/users/forgot", "/api/users/verify/resend");
        await ann.Button("Mail me a link instead").ClickAsync();
        await ann.Input("E-mail").FillAsync("ann@example.org");
        await ann.Button("Mail me a link").ClickAsync();
        await Expect(ann.Alert().Filter(new() { HasText = NoMail })).ToBeVisibleAsync();
        await Expect(ann.Input("Password")).ToBeVisibleAsync();
        await Expect(ann.Button("Mail me a link instead")).ToHaveCountAsync(0);
        await Expect(ann.Link("Forgot your password?")).ToHaveCountAsync(0);
        await ann.LooksWellEverywhereAsync("sign in, no mail");

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

    [Fact]
    public async Task A_guest_whose_registration_arrived_and_its_answer_did_not_is_a_member_with_the_next_press()
    {
        var ann = await GuestAsync(await RoomAsync());
        ann.Expects("ERR_FAILED", "/api/users/register");
        await ann.AskAsync("Whose am I?");
        await Expect(ann.Card("Whose am I?").GetByText("just now")).ToBeVisibleAsync();
        await ann.GoesToAsync("/register");
        await ann.LosesTheAnswerOfAsync("**/api/users/register");
        await ann.Input("Your name").FillAsync("Ann");
        await ann.Input("E-mail").FillAsync(Accounts.Email("ann"));
        await ann.Input("Password").FillAsync(Accounts.Password);
        await ann.Button("Register").ClickAsync();
        await Expect(ann.Text("The server cannot be reached.")).ToBeVisibleAsync();

        await ann.Button("Register").ClickAsync();
        await Expect(ann.Text("You are signed in as Ann.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_whose_answer_was_lost_is_done_with_the_next_press_and_takes_along_what_was_typed()
    {
        var room = await RoomAsync();
        var ann = await GuestAsync(room);
        ann.Expects("ERR_FAILED", "401");
        await ann.RegistersAsync(Accounts.Email("ann"));
        await ann.AskButton.ClickAsync();
        await ann.Field.FillAsync("Half a ques");
        // The live connection would tell that the session has ended.
        await ann.Page.RouteWebSocketAsync("**/hub**", _ => { });
        await ann.GoesToAsync("/me");
        await ann.LosesTheAnswerOfAsync("**/api/users/logout");
        await ann.Button("Sign out").ClickAsync();
        await Expect(ann.Text("The server cannot be reached.")).ToBeVisibleAsync();

        await ann.Button("Sign out").ClickAsync();
        await ann.IsBackAsync();
        await ann.AskButton.ClickAsync();
        await Expect(ann.Field).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Where_one_is_signed_in_is_loaded_page_by_page_and_a_failure_is_no_empty_list()
    {
        var room = await RoomAsync();
        var email = Accounts.Email("ann");
        var ann = await GuestAsync(room, options => Looks.Hold(options, "phone"));
        ann.Expects("ERR_FAILED", "404");
        await ann.RegistersAsync(email);
        var other = await GuestAsync(room);
        await other.SignsInAsync(email);
        await other.IsBackAsync();

        // The live connection would have the list loaded again by itself.
        await ann.Page.RouteWebSocketAsync("**/hub**", _ => { });
        const string sessions = "**/api/users/me/sessions**";
        await ann.Page.RouteAsync(sessions, route => route.AbortAsync());
        await ann.GoesToAsync("/me");
        await Expect(ann.Alert().Filter(new() { HasText = "The server cannot be reached." })).ToBeVisibleAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);
        await ann.LooksWellEverywhereAsync("me, sessions not loaded");
        await ann.Page.UnrouteAsync(sessions);

        // As one's fifty-first device would be.
        await ann.Page.RouteAsync(sessions, route => route.ContinueAsync(new() { Url = $"{route.Request.Url}{(route.Request.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1" }));
        await ann.Button("Try again").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await ann.Button("Show more").ClickAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(ann.Button("Show more")).ToHaveCountAsync(0);

        // One that has ended meanwhile, which nobody told.
        await ann.Page.UnrouteAsync(sessions);
        await ann.Page.RouteAsync("**/api/users/me/sessions/*", route => route.FulfillAsync(new()
        {
            Status = 404,
            ContentType = "application/problem+json",
            Body = """{ "type": "urn:modular:session-not-found", "title": "Not Found", "status": 404, "detail": "It has ended already." }""",
        }));
        var looked = ann.Page.WaitForRequestAsync(request => request.Method == "GET" && request.Url.EndsWith("/me/sessions", StringComparison.Ordinal));
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out: " }).ClickAsync();
        await Expect(ann.Text("It has ended already.")).ToBeVisibleAsync();
        await looked;
    }

    [Fact]
    public async Task A_download_is_asked_for_once_can_be_cancelled_and_says_why_it_is_refused()
    {
        var ann = await GuestAsync(await RoomAsync(), options => Looks.Hold(options, "phone"));
        ann.Expects("429", "/api/users/me/export");
        await ann.AskAsync("What is held of me?");
        await Expect(ann.Card("What is held of me?").GetByText("just now")).ToBeVisibleAsync();
        await ann.GoesToAsync("/me");
        var asked = 0;
        const string export = "**/api/users/me/export";
        await ann.Page.RouteAsync(export, _ => Task.FromResult(Interlocked.Increment(ref asked)));
        await ann.Button("Download my data").ClickAsync();
        var busy = ann.Button("Downloading… 0.0 MB");
        await Expect(busy).ToHaveAttributeAsync("aria-disabled", "true");
        await ann.LooksWellEverywhereAsync("me, downloading");
        // To the button itself: a forced click goes to where it was, and looking at the page in other sizes may have moved it since.
        await busy.DispatchEventAsync("click");
        await ann.Button("Cancel").ClickAsync();
        await Expect(ann.Button("Download my data")).ToHaveAttributeAsync("aria-disabled", "false");
        Assert.Equal(1, asked);

        await ann.Page.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
        await ann.Page.RouteAsync(export, route => route.FulfillAsync(new()
        {
            Status = 429,
            ContentType = "application/problem+json",
            Body = """{ "type": "urn:modular:too-many-requests", "title": "Too Many Requests", "status": 429, "detail": "Not so often, please." }""",
        }));
        await ann.Button("Download my data").ClickAsync();
        await Expect(ann.Text("Not so often, please.")).ToBeVisibleAsync();
        await Expect(ann.Button("Download my data")).ToHaveAttributeAsync("aria-disabled", "false");
    }
}
