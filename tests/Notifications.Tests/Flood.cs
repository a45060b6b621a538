using Modular.Testing;

namespace Modular.Notifications.Tests;

/// <summary>More than a client takes that does not read.</summary>
internal static class Flood
{
    /// <summary>30 KB each: more than sockets buffer, and more than a ring holds.</summary>
    public const int Events = 1_000;

    /// <summary>After which a client is cut that does not take what is written to it.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    /// <summary>So many events on each stream; done when of the connection that follows the first one frame is in flight and waits.</summary>
    public static async Task UntilStuckAsync(LiveServer server, params string[] streams)
    {
        var big = $$"""{"text":"{{new string('x', 30_000)}}"}""";
        for (var i = 0; i < Events; i++)
            server.Sink.Deliver([.. streams.Select(name => server.Log.Append(name, data: big))]);
        await IsStuckAsync(server);
        var connection = server.Sockets.All.First(c => c.Find(streams[0]) is not null);
        Assert.All(connection.Subscriptions, s => Assert.InRange(s.Cursor, 0, Events - 1));
    }

    /// <summary>Done when one and the same write waits and nobody is sent anything: a pump that the machine has no time for has no write that waits.</summary>
    /// <param name="more">What happens before each look.</param>
    public static Task IsStuckAsync(LiveServer server, Action? more = null)
    {
        var (writes, cursors, still) = ((IReadOnlyList<object>)[], -1L, 0);
        return Eventually.Is(() =>
        {
            more?.Invoke();
            var (writing, sent) = (server.Clock!.Waiting(LongestWrite), server.Sockets.All.SelectMany(c => c.Subscriptions).Sum(s => s.Cursor));
            still = writing is not [] && sent == cursors && writing.SequenceEqual(writes) ? still + 1 : 0;
            (writes, cursors) = (writing, sent);
            return still == 15;
        });
    }
}
