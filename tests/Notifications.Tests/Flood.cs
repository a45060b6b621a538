using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>More than a client takes that does not read.</summary>
internal static class Flood
{
    /// <summary>30 KB each: more than sockets buffer, and more than a ring holds.</summary>
    public const int Events = 1_000;

    /// <summary>So many events on each stream; done when of the connection that follows the first one frame is in flight and waits.</summary>
    public static async Task UntilStuckAsync(LiveServer server, params string[] streams)
    {
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        for (var i = 0; i < Events; i++)
            server.Sink.Deliver([.. streams.Select(name => server.Log.Append(name, data: big))]);
        var connection = server.Sockets.All.First(c => c.Find(streams[0]) is not null);
        var (before, still) = (-1L, 0);
        await Eventually.Is(() =>
        {
            var now = connection.Subscriptions.Sum(s => s.Cursor);
            (before, still) = (now, now == before ? still + 1 : 0);
            return still == 10;
        });
        Assert.All(connection.Subscriptions, s => Assert.InRange(s.Cursor, 0, Events - 1));
    }
}
