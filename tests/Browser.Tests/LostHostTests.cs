using System.Collections.Concurrent;
using Microsoft.Playwright;
using Modular.Testing;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>The host goes away under the page. It is another host than the other scenarios', who would feel it.</summary>
public sealed class LostHostTests(Stage stage) : Scenario(stage)
{
    // The page comes back at a random moment, like every other page in the room; the ceiling of its second wait is 10 s.
    private static readonly LocatorAssertionsToBeVisibleOptions Back = new() { Timeout = 40_000 };

    [Fact]
    public async Task A_host_that_is_restarted_is_missed_after_five_seconds_and_the_page_then_goes_on_by_number()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var first = await HostProcess.StartAsync(database.ConnectionString);
        var room = await RoomAsync(at: first.Address);
        await room.AskAsync("Asked before");
        var guest = await GuestAsync(room);
        // What Chromium says of a server that is leaving, that is gone, and that is not ready yet.
        guest.Expected = said => new[] { "503", "ERR_CONNECTION_RESET", "ERR_CONNECTION_REFUSED" }.Any(word => said.Contains(word, StringComparison.Ordinal));
        await guest.Vote("Asked before").ClickAsync();
        await guest.SeesVotesAsync("Asked before", 2, own: true);
        var loads = new ConcurrentQueue<string>();
        guest.Page.Request += (_, request) => loads.Enqueue($"{request.Method} {new Uri(request.Url).PathAndQuery}");

        await first.StopAsync();
        var offline = guest.Page.GetByText("No live connection.");
        await Expect(offline).ToBeHiddenAsync();
        await Expect(offline).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await guest.PictureAsync("desktop light, offline");
        await guest.AskAsync("Asked while nobody listened");
        await Expect(guest.Card("Asked while nobody listened").GetByText("Waiting for the network")).ToBeVisibleAsync();

        await using var second = await HostProcess.StartAsync(database.ConnectionString, first.Address);
        await room.AskAsync("Asked in between");
        await Expect(guest.Page.GetByText("Back online")).ToBeVisibleAsync(Back);
        await Expect(guest.Card("Asked in between")).ToHaveCountAsync(1);
        await Expect(guest.Card("Asked while nobody listened").GetByText("just now")).ToBeVisibleAsync(Back);
        await room.AskAsync("Asked after");
        await Expect(guest.Card("Asked after")).ToBeVisibleAsync();
        await Expect(guest.Cards).ToHaveCountAsync(4);
        Assert.DoesNotContain(loads, load => load.StartsWith("GET /api/questions?", StringComparison.Ordinal));
    }
}
