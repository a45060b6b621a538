using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>Two people with a browser each; nobody ever reloads.</summary>
public sealed class TwoPeopleTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task A_question_appears_at_the_other_and_is_marked_as_own_at_its_asker_only()
    {
        var room = await RoomAsync();
        var asker = await GuestAsync(room);
        var other = await GuestAsync(room);
        await Expect(asker.Page.GetByText("Be the first to ask.")).ToBeVisibleAsync();

        await asker.AskAsync("When is the break?");
        await Expect(other.Card("When is the break?")).ToBeVisibleAsync();
        await Expect(other.Card("When is the break?").GetByText("Yours")).ToHaveCountAsync(0);
        await Expect(asker.Card("When is the break?").GetByText("Yours")).ToBeVisibleAsync();
        await asker.SeesVotesAsync("When is the break?", 1, own: true);
        await other.SeesVotesAsync("When is the break?", 1, own: false);
        await Expect(asker.Cards).ToHaveCountAsync(1);
        await Expect(other.Page.GetByRole(AriaRole.Heading, new() { Name = "1 question" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_vote_moves_the_count_at_the_other_and_taken_back_moves_it_down_again()
    {
        var room = await RoomAsync();
        await room.AskAsync("Is there coffee?");
        var voter = await GuestAsync(room);
        var other = await GuestAsync(room);
        await other.SeesVotesAsync("Is there coffee?", 1, own: false);

        await voter.Vote("Is there coffee?").ClickAsync();
        await voter.SeesVotesAsync("Is there coffee?", 2, own: true);
        await other.SeesVotesAsync("Is there coffee?", 2, own: false);

        await voter.Vote("Is there coffee?").ClickAsync();
        await voter.SeesVotesAsync("Is there coffee?", 1, own: false);
        await other.SeesVotesAsync("Is there coffee?", 1, own: false);
    }

    [Fact]
    public async Task An_answered_question_sinks_into_the_answered_section_at_the_guest_and_comes_back_when_reopened()
    {
        var room = await RoomAsync();
        await room.AskAsync("What is next?");
        var host = await HostAsync(room);
        var guest = await GuestAsync(room);
        await Expect(guest.Cards).ToHaveCountAsync(1);
        await Expect(guest.Button("Mark as answered")).ToHaveCountAsync(0);

        await host.Button("Mark as answered").ClickAsync();
        await Expect(guest.Cards).ToHaveCountAsync(0);
        await guest.Answered.GetByText("Answered").ClickAsync();
        await Expect(guest.Answered.GetByText("What is next?")).ToBeVisibleAsync();

        await host.Answered.GetByText("Answered").ClickAsync();
        await host.Button("Reopen").ClickAsync();
        await Expect(guest.Answered).ToHaveCountAsync(0);
        await Expect(guest.Cards).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_host_link_makes_who_opens_it_the_host_and_does_not_stay_in_the_address_bar()
    {
        var room = await RoomAsync();
        await room.AskAsync("Who is the host?");
        var host = await HostByLinkAsync(room);
        await Expect(host.Button("Mark as answered")).ToBeVisibleAsync();
        await Expect(host.Page).ToHaveURLAsync(room.Page.ToString());
        await host.Button("Mark as answered").ClickAsync();
        await Expect(host.Cards).ToHaveCountAsync(0);
    }
}
