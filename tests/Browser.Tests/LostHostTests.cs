using System.Collections.Concurrent;
using Modular.Testing;
using static Microsoft.Playwright.Assertions;

namespace Modular.Browser.Tests;

/// <summary>The host goes away under the page. It is another host than the other scenarios', who would feel it.</summary>
public sealed class LostHostTests(Stage stage) : Scenario(stage)
{
    // Each page comes back at a random moment, like every other page in the room; after this host's absence the ceiling is 20 s.
    private static readonly TimeSpan Back = TimeSpan.FromSeconds(60);

    private const string NoteTheReturn = """
        () => {
          window.wasBack = false;
          const look = () => { window.wasBack ||= document.body.textContent.includes('Back online'); };
          new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
        }
        """;

    [Fact]
    public async Task A_host_that_is_restarted_is_missed_and_the_page_then_goes_on_by_number_as_does_an_EventSource_that_came_while_it_left()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var first = await HostProcess.StartAsync(database.ConnectionString, settings: ("Drain__Grace", "00:00:03"));
        var room = await RoomAsync(at: first.Address);
        await room.AskAsync("Asked before");
        var guest = await GuestAsync(room);
        // What Chromium says of a server that is leaving, that is gone, and that is not ready yet.
        guest.Expects("503", "ERR_CONNECTION_RESET", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE", "Connection closed before receiving a handshake response");
        await guest.Vote("Asked before").ClickAsync();
        await guest.SeesVotesAsync("Asked before", 2, own: true);
        var loads = new ConcurrentQueue<string>();
        guest.Page.Request += (_, request) => loads.Enqueue($"{request.Method} {new Uri(request.Url).PathAndQuery}");
        // It is said for three seconds only: a busy machine may look elsewhere just then.
        await guest.Page.EvaluateAsync(NoteTheReturn);
        await using var profile = await ProfileAsync();
        var plain = await PlainFollower.AtAsync(profile, first.Address);
        using var probe = first.Somebody();

        first.AskToStop();
        await Eventually.Is(async () => (await probe.Get("/health/ready")).Status == 503);
        // It gives up for good on every answer but 200, so a host that leaves, and that a balancer still sends it to, must give none.
        await plain.FollowAsync(room);
        await first.StoppedAsync();
        await Expect(guest.Page.GetByText("No live connection.")).ToBeVisibleAsync();
        await guest.PictureAsync("desktop light, offline");
        await guest.AskAsync("Asked while nobody listened");
        await Expect(guest.Card("Asked while nobody listened").GetByText("Waiting for the network")).ToBeVisibleAsync();

        await using var second = await HostProcess.StartAsync(database.ConnectionString, first.Address);
        await room.AskAsync("Asked in between");
        await Eventually.Is(() => guest.Page.EvaluateAsync<bool>("wasBack"), Back, "the page says that it is back online");
        await Expect(guest.Card("Asked in between")).ToHaveCountAsync(1);
        await Expect(guest.Card("Asked while nobody listened").GetByText("just now")).ToBeVisibleAsync();
        await room.AskAsync("Asked after");
        await Expect(guest.Card("Asked after")).ToBeVisibleAsync();
        await Expect(guest.Cards).ToHaveCountAsync(4);
        Assert.DoesNotContain(loads, load => load.StartsWith("GET /api/questions?", StringComparison.Ordinal));

        await plain.ConnectsAsync(1);
        await room.AskAsync("Asked of all");
        await plain.SeesAsync(1);
    }
}
