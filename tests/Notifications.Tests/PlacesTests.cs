using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Modular.Notifications.Sockets;
using Modular.Testing;

namespace Modular.Notifications.Tests;

public sealed class PlacesTests
{
    private static readonly Guid Ann = Guid.NewGuid();
    private static readonly Guid Bob = Guid.NewGuid();

    private const string Hall = "192.0.2.1";

    private readonly Places places = new(Options.Create(new NotificationsSettings { MostSockets = 4, MostSocketsPerSession = 2, MostSocketsPerAddress = 3 }));

    [Fact]
    public void A_session_has_so_many_and_others_are_not_short_of_theirs()
    {
        using var first = places.Take(Ann, Hall);
        using var second = places.Take(Ann, Hall);
        Assert.Null(places.Take(Ann, Hall));
        using var third = places.Take(Bob, Hall);
        using var nobody = places.Take(null, Hall);
        Assert.NotNull(third);
        Assert.NotNull(nobody);
        Assert.Null(places.Take(null, Hall));
    }

    [Fact]
    public void Nobodies_at_one_address_have_so_many_and_who_is_signed_in_there_still_gets_in()
    {
        Places.Place[] taken = [.. Enumerable.Range(0, 3).Select(_ => places.Take(null, Hall)!)];
        Assert.Null(places.Take(null, Hall));
        using var elsewhere = places.Take(null, "192.0.2.2");
        Assert.NotNull(elsewhere);
        elsewhere.Dispose();
        using var signedIn = places.Take(Ann, Hall);
        Assert.NotNull(signedIn);
        taken[0].Dispose();
        using var again = places.Take(null, Hall);
        Assert.NotNull(again);
    }

    [Fact]
    public void Whoever_signs_in_leaves_a_place_of_the_address_to_others()
    {
        Places.Place[] taken = [.. Enumerable.Range(0, 3).Select(_ => places.Take(null, Hall)!)];
        Assert.True(taken[0].TryMove(Ann));
        using var next = places.Take(null, Hall);
        Assert.NotNull(next);
        taken[0].Dispose();
        Assert.Null(places.Take(null, Hall));
    }

    [Fact]
    public void A_place_that_is_left_is_free_again_and_only_once()
    {
        var first = places.Take(Ann, Hall)!;
        using var second = places.Take(Ann, Hall);
        first.Dispose();
        first.Dispose();
        using var third = places.Take(Ann, Hall);
        Assert.NotNull(third);
        Assert.Null(places.Take(Ann, Hall));
    }

    [Fact]
    public void Signing_in_moves_a_place_to_the_other_session_if_that_has_room()
    {
        using var nobody = places.Take(null, Hall)!;
        using var first = places.Take(Ann, Hall);
        Assert.True(nobody.TryMove(Ann));
        using var bobs = places.Take(Bob, Hall)!;
        Assert.False(bobs.TryMove(Ann));
        Assert.True(nobody.TryMove(Bob));
        Assert.True(bobs.TryMove(Ann));
    }

    [Fact]
    public async Task Many_who_knock_at_once_do_not_all_get_in()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => places.Take(Ann, Hall))));
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
