using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

public sealed class AskingTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task An_empty_question_is_refused_with_the_servers_sentence_and_sends_nothing()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        var sent = new ConcurrentQueue<string>();
        guest.Page.Request += (_, request) => sent.Enqueue(request.Method);
        await guest.AskButton.ClickAsync();
        await guest.Field.FillAsync("  \n ");
        await guest.Send.ClickAsync();
        await Expect(guest.Sheet.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Body is required");
        await guest.Field.FillAsync("Is this better?");
        await Expect(guest.Sheet.GetByRole(AriaRole.Alert)).ToBeEmptyAsync();
        Assert.DoesNotContain("POST", sent);
    }

    [Fact]
    public async Task What_was_typed_and_not_sent_survives_closing_and_reloading_and_is_gone_once_sent()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        await guest.AskButton.ClickAsync();
        await guest.Field.FillAsync("Half a ques");
        await guest.Page.Keyboard.PressAsync("Escape");
        await guest.Page.ReloadAsync();
        await guest.AskButton.ClickAsync();
        await Expect(guest.Field).ToHaveValueAsync("Half a ques");
        await guest.Field.PressSequentiallyAsync("tion?");
        await guest.Send.ClickAsync();
        await Expect(guest.Card("Half a question?").GetByText("just now")).ToBeVisibleAsync();
        await guest.Page.ReloadAsync();
        await guest.AskButton.ClickAsync();
        await Expect(guest.Field).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_question_whose_answer_was_lost_is_sent_again_after_a_reload_and_is_there_once()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        guest.Expected = said => said.Contains("ERR_FAILED", StringComparison.Ordinal);
        // The server gets the question and stores it; the page hears nothing.
        await guest.Page.RouteAsync("**/api/questions", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
        });
        await guest.AskAsync("Did you get this?");
        var other = await GuestAsync(room);
        await Expect(other.Card("Did you get this?")).ToBeVisibleAsync();
        await guest.Page.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
        await guest.Page.ReloadAsync();
        await Expect(guest.Card("Did you get this?").GetByText("just now")).ToBeVisibleAsync();
        await Expect(guest.Page.GetByText("Sending…")).ToHaveCountAsync(0);
        await Expect(guest.Cards).ToHaveCountAsync(1);
        await Expect(other.Cards).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_shown_in_its_words_and_the_question_is_kept()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        guest.Expected = said => said.Contains("409", StringComparison.Ordinal) && said.Contains("/api/questions", StringComparison.Ordinal);
        await guest.AskButton.ClickAsync();
        await guest.Field.FillAsync("May I still ask?");
        await room.CloseAsync();
        await room.TakesNoMoreAsync();
        await guest.Send.ClickAsync();
        await Expect(guest.Card("May I still ask?").GetByRole(AriaRole.Alert)).ToHaveTextAsync("This event is over. Its questions can still be read.");
        await guest.Button("Discard").ClickAsync();
        await Expect(guest.Card("May I still ask?")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_closed_room_says_so_at_once_and_offers_neither_asking_nor_voting()
    {
        var room = await RoomAsync();
        await room.AskAsync("What was it about?");
        var guest = await GuestAsync(room);
        await Expect(guest.AskButton).ToBeVisibleAsync();

        await room.CloseAsync();
        await Expect(guest.Page.GetByText("This room is closed. Its questions stay readable.")).ToBeVisibleAsync();
        await Expect(guest.AskButton).ToHaveCountAsync(0);
        await Expect(guest.Vote("What was it about?")).ToBeDisabledAsync();

        var late = await GuestAsync(room);
        await Expect(late.Page.GetByText("This room is closed. Its questions stay readable.")).ToBeVisibleAsync();
        await Expect(late.Card("What was it about?")).ToBeVisibleAsync();
        await Expect(late.AskButton).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_name_given_is_shown_to_the_others_and_an_anonymous_question_shows_none()
    {
        var room = await RoomAsync();
        var asker = await GuestAsync(room);
        var other = await GuestAsync(room);
        await asker.AskButton.ClickAsync();
        await asker.Field.FillAsync("Who are you?");
        await asker.Sheet.GetByLabel("Your name").FillAsync("Grace");
        await asker.Send.ClickAsync();
        await Expect(other.Card("Who are you?").GetByText("Grace")).ToBeVisibleAsync();

        await asker.AskButton.ClickAsync();
        await asker.Field.FillAsync("Who pays for this?");
        await asker.Sheet.GetByRole(AriaRole.Switch, new() { Name = "Ask anonymously" }).CheckAsync();
        await asker.Send.ClickAsync();
        await Expect(other.Card("Who pays for this?").GetByText("Anonymous")).ToBeVisibleAsync();
        await Expect(other.Card("Who pays for this?").GetByText("Grace")).ToHaveCountAsync(0);
        await Expect(asker.Card("Who pays for this?").GetByText("Yours")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_the_keyboard_alone_a_person_asks_and_votes()
    {
        var room = await RoomAsync();
        await room.AskAsync("Can everybody take part?");
        var guest = await GuestAsync(room);
        var keyboard = guest.Page.Keyboard;
        await TabToAsync(guest, guest.AskButton);
        await keyboard.PressAsync("Enter");
        await Expect(guest.Field).ToBeFocusedAsync();
        await keyboard.TypeAsync("Without a mouse?");
        await keyboard.PressAsync("Control+Enter");
        await Expect(guest.Sheet).ToBeHiddenAsync();
        await Expect(guest.Card("Without a mouse?")).ToBeVisibleAsync();

        await TabToAsync(guest, guest.Vote("Can everybody take part?"));
        await keyboard.PressAsync("Space");
        await guest.SeesVotesAsync("Can everybody take part?", 2, own: true);
        await Expect(guest.Vote("Can everybody take part?")).ToBeFocusedAsync();
    }

    private static async Task TabToAsync(Person guest, ILocator control)
    {
        for (var press = 0; press < 20; press++)
        {
            await guest.Page.Keyboard.PressAsync("Tab");
            if (await control.EvaluateAsync<bool>("it => it === document.activeElement && it.matches(':focus-visible')"))
                return;
        }

        Assert.Fail($"Twenty presses of Tab do not reach {control}.");
    }
}
