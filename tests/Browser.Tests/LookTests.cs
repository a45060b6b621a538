using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>The page as eyes and thumbs meet it. With MODULAR_TEST_PICTURES naming a directory, pictures of it are kept there.</summary>
public sealed class LookTests(Stage stage) : Scenario(stage)
{
    private static readonly string LongWord = string.Concat(Enumerable.Repeat("Donaudampfschiff", 12));

    [Theory]
    [InlineData("phone")]
    [InlineData("desktop")]
    public async Task Everybody_can_read_and_use_it_by_light_and_in_the_dark(string device)
    {
        var room = await LivelyRoomAsync();
        var guest = await GuestAsync(room, options => Looks.Hold(options, device));
        await guest.Vote("Will the slides be shared?").ClickAsync();
        await guest.SeesVotesAsync("Will the slides be shared?", 3, own: true);
        await guest.AskAsync("How do I get to the station after the last session?");
        await Expect(guest.Card("How do I get to the station after the last session?").GetByText("just now")).ToBeVisibleAsync();
        await guest.Page.EvaluateAsync("scrollTo(0, 0)");
        await guest.LooksWellAsync(device, "list");
        await guest.Answered.GetByText("Answered").ClickAsync();
        await guest.LooksWellAsync(device, "answered");
        await guest.AskButton.ClickAsync();
        await guest.Send.ClickAsync();
        await Expect(guest.Sheet.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Body is required");
        await guest.LooksWellAsync(device, "asking");
    }

    [Fact]
    public async Task The_host_too()
    {
        var room = await LivelyRoomAsync();
        var host = await HostAsync(room, options => Looks.Hold(options, "phone"));
        await host.Card("Will the slides be shared?").GetByRole(AriaRole.Button, new() { Name = "Mark as answered" }).ClickAsync();
        await Expect(host.Answered.GetByText("Will the slides be shared?")).ToHaveCountAsync(1);
        await host.LooksWellAsync("phone", "host");
        await room.CloseAsync();
        await Expect(host.Page.GetByText("This room is closed.")).ToBeVisibleAsync();
        await host.LooksWellAsync("phone", "closed");
    }

    [Fact]
    public async Task On_a_narrow_phone_nothing_overflows_and_a_thumb_hits_everything()
    {
        var room = await LivelyRoomAsync("A town hall whose title is much longer than the header of a phone");
        await room.AskAsync(LongWord);
        await room.AskAsync("متى تبدأ الجلسة القادمة؟");
        var host = await HostAsync(room, options => Looks.Hold(options, "phone"));
        await host.Answered.GetByText("Answered").ClickAsync();
        await host.PictureAsync("phone light, narrow");
        Assert.True(await host.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360);
        Eyes.Nothing(await host.Page.EvaluateAsync<string[]>(Eyes.SmallTargets));

        await host.AskButton.ClickAsync();
        await host.Field.FillAsync(LongWord);
        Assert.True(await host.Sheet.EvaluateAsync<int>("it => it.scrollWidth") <= 360);
        Eyes.Nothing(await host.Page.EvaluateAsync<string[]>(Eyes.SmallTargets));
    }

    private async Task<Room> LivelyRoomAsync(string title = "Town hall")
    {
        var room = await RoomAsync(title);
        await room.AskAsync("Will the slides be shared?", "Barbara", votes: 2);
        await room.AskAsync("What did you learn from moving the whole thing into one process, and would you do it again with the same people?", "Edsger", votes: 3);
        await room.AskAsync("Is there a recording?", "Frances");
        await room.AnswerAsync("Which room is the next talk in?", "Radia");
        return room;
    }
}
