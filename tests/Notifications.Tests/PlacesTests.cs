using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Modular.Notifications.Sockets;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PlacesTests
{
    private static readonly Guid Ann = Guid.NewGuid();
    private static readonly Guid Bob = Guid.NewGuid();

    private readonly Places places = new(Options.Create(new NotificationsSettings { MostSockets = 4, MostSocketsPerSession = 2 }));

    [Fact]
    public void A_session_has_so_many_and_others_are_not_short_of_theirs()
    {
        using var first = places.Take(Ann);
        using var second = places.Take(Ann);
        Assert.Null(places.Take(Ann));
        using var third = places.Take(Bob);
        using var nobody = places.Take(null);
        Assert.NotNull(third);
        Assert.NotNull(nobody);
        Assert.Null(places.Take(null));
    }

    [Fact]
    public void A_place_that_is_left_is_free_again_and_only_once()
    {
        var first = places.Take(Ann)!;
        using var second = places.Take(Ann);
        first.Dispose();
        first.Dispose();
        using var third = places.Take(Ann);
        Assert.NotNull(third);
        Assert.Null(places.Take(Ann));
    }

    [Fact]
    public void Signing_in_moves_a_place_to_the_other_session_if_that_has_room()
    {
        using var nobody = places.Take(null)!;
        using var first = places.Take(Ann);
        Assert.True(nobody.TryMove(Ann));
        using var bobs = places.Take(Bob)!;
        Assert.False(bobs.TryMove(Ann));
        Assert.True(nobody.TryMove(Bob));
        Assert.True(bobs.TryMove(Ann));
    }

    [Fact]
    public async Task Many_who_knock_at_once_do_not_all_get_in()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => places.Take(Ann))));
        Assert.Equal(2, taken.Count(t => t is not null));
    }

    [Fact]
    public async Task The_door_counts_the_sockets_of_a_session_whatever_they_speak()
    {
        await using var server = await LiveServer.StartAsync(mostSocketsPerSession: 3);
        await using var hub = await server.ConnectAsync(Ann);
        using var plain = await PlainPeer.ConnectAsync(server, $"access_token={Ann}");
        using var events = await SseClient.ConnectAsync(server, $"?stream=test/a&access_token={Ann}");
        await Eventually.Is(() => server.Sockets.Count == 3);

        Assert.Contains("503", (await Assert.ThrowsAsync<WebSocketException>(() => PlainPeer.ConnectAsync(server, $"access_token={Ann}"))).Message);
        using var refused = await SseClient.ConnectAsync(server, $"?stream=test/a&access_token={Ann}");
        Assert.Contains("urn:modular:too-many-sockets", await refused.TextAsync());
        using var other = await PlainPeer.ConnectAsync(server, $"access_token={Bob}");
        await other.SendAsync($$"""{"msg_type":"auth","token":"{{Ann}}"}""");
        Assert.Equal("too-many-sockets", (await other.NextAsync())!.Value.GetProperty("code").GetString());

        events.Dispose();
        await Eventually.Is(() => server.Sockets.Count == 3);
        await Eventually.Returns("a free place", async () => await TryAsync(server));
    }

    private static async Task<PlainPeer?> TryAsync(LiveServer server)
    {
        try
        {
            return await PlainPeer.ConnectAsync(server, $"access_token={Ann}");
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
