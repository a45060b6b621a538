using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

public sealed class ListTests(Stage stage) : Scenario(stage)
{
    [Fact]
    public async Task The_list_is_sorted_by_votes_or_by_time_as_the_reader_likes()
    {
        var room = await RoomAsync();
        await room.AskAsync("First, liked", votes: 3);
        await room.AskAsync("Second");
        await room.AskAsync("Third, liked a bit", votes: 2);
        var guest = await GuestAsync(room);
        await guest.SeesInOrderAsync("First, liked", "Third, liked a bit", "Second");
        await guest.Order("Newest").ClickAsync();
        await guest.SeesInOrderAsync("Third, liked a bit", "Second", "First, liked");
        await guest.Order("Top").ClickAsync();
        await guest.SeesInOrderAsync("First, liked", "Third, liked a bit", "Second");

        await room.AskAsync("Fourth, liked most", votes: 4);
        await guest.SeesInOrderAsync("Fourth, liked most", "First, liked", "Third, liked a bit", "Second");
    }

    [Fact]
    public async Task While_a_person_reads_further_down_nothing_moves_and_what_is_new_waits_behind_a_button()
    {
        var room = await RoomAsync();
        foreach (var number in Enumerable.Range(1, 12))
            await room.AskAsync($"Question {number}");
        var guest = await GuestAsync(room, phone => phone.ViewportSize = new() { Width = 390, Height = 600 });
        await guest.Page.Mouse.WheelAsync(0, 500);
        await Expect(guest.Card("Question 12")).Not.ToBeInViewportAsync();
        await room.AskAsync("Liked at once", votes: 2);
        await Expect(guest.Button("1 new question")).ToBeInViewportAsync();
        await Expect(guest.Card("Liked at once")).ToHaveCountAsync(0);
        await guest.PictureAsync("phone light, scrolled");
        await guest.Button("1 new question").ClickAsync();
        await Expect(guest.Card("Liked at once")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_code_that_names_no_room_is_told_and_another_can_be_typed()
    {
        var room = await RoomAsync();
        var guest = await GuestAsync(room);
        guest.Expected = said => said.Contains("404", StringComparison.Ordinal) && said.Contains("/api/rooms/NOROOM", StringComparison.Ordinal);
        await guest.Page.GotoAsync(new Uri(room.Page, "/r/noroom").ToString());
        await Expect(guest.Page.GetByText("There is no room with the code NOROOM")).ToBeVisibleAsync();
        await guest.PictureAsync("desktop light, unknown room");
        await guest.Page.GetByLabel("Room code").FillAsync(room.Code.ToLowerInvariant());
        await guest.Button("Enter").ClickAsync();
        await Expect(guest.Page.GetByText($"#{room.Code}")).ToBeVisibleAsync();
    }
}
