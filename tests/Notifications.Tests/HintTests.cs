using Microsoft.Extensions.DependencyInjection;
using Modular.Kernel.Web;
using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>With a clock that stands still, so that no tick helps.</summary>
public sealed class HintTests
{
    private readonly Guid ann = Guid.NewGuid();
    private readonly Guid bob = Guid.NewGuid();

    [Fact]
    public async Task Sockets_of_a_session_said_to_have_ended_are_closed_at_once_if_the_database_says_so_too()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync(ann);
        await using var second = await server.ConnectAsync(ann);
        await using var innocent = await server.ConnectAsync(bob);
        await using var nobody = await server.ConnectAsync();
        await AreThereAsync(server, 4);
        server.Log.Ended[ann] = true;

        Hint(server, ann, bob, Guid.NewGuid());

        await Eventually.Is(() => client.Closed.IsCompleted && second.Closed.IsCompleted);
        await Eventually.Is(() => server.Sockets.Count == 2);
        Assert.False(innocent.Closed.IsCompleted);
        Assert.False(nobody.Closed.IsCompleted);
    }

    [Fact]
    public async Task Only_sessions_with_a_socket_here_are_asked_about()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync(ann);
        await using var other = await server.ConnectAsync(bob);
        await AreThereAsync(server, 2);

        Hint(server, Guid.NewGuid());
        Hint(server, ann, Guid.NewGuid());

        await Eventually.Is(() => !server.Log.Asked.IsEmpty);
        Assert.Equal([ann], server.Log.Asked);
    }

    [Fact]
    public async Task While_the_database_is_away_nobody_is_thrown_out_and_the_tick_makes_up_for_the_hint()
    {
        await using var server = await LiveServer.StartAsync(manualTime: true);
        await using var client = await server.ConnectAsync(ann);
        await AreThereAsync(server, 1);
        (server.Log.Ended[ann], server.Log.Away) = (true, true);
        Hint(server, ann);
        await Eventually.Is(() => !server.Log.Asked.IsEmpty);
        Assert.False(client.Closed.IsCompleted);

        server.Log.Away = false;
        server.Clock!.Advance(TimeSpan.FromSeconds(5));

        await Eventually.Is(() => client.Closed.IsCompleted);
    }

    /// <summary>Whoever has connected has the server's answer, a moment before the server counts them.</summary>
    private static Task AreThereAsync(LiveServer server, int sockets) => Eventually.Is(() => server.Sockets.Count == sockets);

    private static void Hint(LiveServer server, params Guid[] sessions)
    {
        foreach (var listener in server.Services.GetServices<IRevocationListener>())
            listener.SessionsMayHaveChanged(sessions);
    }
}
